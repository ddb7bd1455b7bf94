#pragma once

#include <condition_variable>
#include <mutex>

#include "base/context.h"

namespace flux::git {

/// A mutex that one can stop waiting for: by a stop request or at the context's deadline. Any thread.
class Turn {
 public:
  /// Held until destroyed. The Turn must outlive it.
  class Held {
   public:
    explicit Held(Turn& turn) : turn_(&turn) {}
    Held(Held&& other) noexcept : turn_(std::exchange(other.turn_, nullptr)) {}
    Held& operator=(Held&&) = delete;
    ~Held() {
      if (turn_) turn_->give_back();
    }

   private:
    Turn* turn_;
  };

  Result<Held> take(const Context& ctx) {
    std::unique_lock lock(mutex_);
    const auto free = [this] { return !taken_; };
    if (ctx.deadline())
      changed_.wait_until(lock, ctx.stop_token(), *ctx.deadline(), free);
    else
      changed_.wait(lock, ctx.stop_token(), free);
    if (taken_) return Failure(ctx.check().error());
    taken_ = true;
    return Held(*this);
  }

 private:
  void give_back() {
    {
      const std::lock_guard lock(mutex_);
      taken_ = false;
    }
    changed_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool taken_ = false;
};

}  // namespace flux::git
