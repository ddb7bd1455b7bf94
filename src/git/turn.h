#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>

#include "base/context.h"

namespace flux::git {

/// A mutex that one can stop waiting for, by a stop request or at the context's deadline, and that is given in the
/// order of asking: whoever takes it again and again cannot keep others out. Any thread.
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

  /// `cancelled` error when the context ends first.
  Result<Held> take(const Bounded& ctx) {
    std::unique_lock lock(mutex_);
    const auto ticket = next_++;
    waiting_.push_back(ticket);
    const auto ours = [&] { return !taken_ && waiting_.front() == ticket; };
    changed_.wait_until(lock, ctx.stop_token(), *ctx.deadline(), ours);
    const bool got = ours();
    std::erase(waiting_, ticket);
    if (got) {
      taken_ = true;
      return Held(*this);
    }
    changed_.notify_all();
    return wrap(ctx.check().error(), "waiting for another git operation to end");
  }

  [[nodiscard]] std::size_t waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
  }

 private:
  void give_back() {
    {
      const std::lock_guard lock(mutex_);
      taken_ = false;
    }
    changed_.notify_all();
  }

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::uint64_t> waiting_;
  std::uint64_t next_ = 0;
  bool taken_ = false;
};

}  // namespace flux::git
