#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <utility>

#include "base/context.h"
#include "base/guarded.h"

namespace flux {

/// A counting semaphore; with one permit, a mutex. What is done under it takes seconds and may hang, so other than the
/// standard ones it can be waited for until a stop request or the context's deadline, and it is fair: permits are given
/// in the order of asking, so that whoever takes one again and again cannot keep others out. Any thread.
class FairSemaphore {
 public:
  static constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

  /// `what_for` is what errors say: `waiting for WHAT_FOR`. Where already `most_waiting` wait, the next is refused.
  FairSemaphore(std::size_t permits, std::string what_for, std::size_t most_waiting = kAny)
      : what_for_(std::move(what_for)), most_waiting_(most_waiting), free_(permits) {}

  /// Held until destroyed. The semaphore must outlive it.
  class Permit {
   public:
    explicit Permit(FairSemaphore& from) : from_(&from) {}
    Permit(Permit&& other) noexcept : from_(std::exchange(other.from_, nullptr)) {}
    Permit& operator=(Permit&&) = delete;
    ~Permit() {
      if (from_) from_->release();
    }

   private:
    FairSemaphore* from_;
  };

  /// A permit that is free is given whatever the context says; else `cancelled` when that ends first, and a server
  /// error where too many wait.
  Result<Permit> acquire(const Bounded& ctx) {
    MutexLock lock(mutex_);
    if (free_ <= waiting_.size() && waiting_.size() - free_ >= most_waiting_)
      return fail(ErrorKind::server, "too many are waiting for " + what_for_ + " already", "Try again in a moment.");
    const auto ticket = next_++;
    waiting_.push_back(ticket);
    const auto ours = [&]() REQUIRES(mutex_) { return free_ > 0 && waiting_.front() == ticket; };
    const bool got = changed_.wait_until(lock, ctx.stop_token(), *ctx.deadline(), ours);
    std::erase(waiting_, ticket);
    if (got) --free_;
    // Somebody else may be the first now.
    changed_.notify_all();
    if (got) return Permit(*this);
    return wrap(ctx.check().error(), "waiting for " + what_for_);
  }

  /// How many wait for a permit, and how many permits are free. For tests.
  [[nodiscard]] std::size_t waiting() const {
    const MutexLock lock(mutex_);
    return waiting_.size();
  }
  [[nodiscard]] std::size_t available() const {
    const MutexLock lock(mutex_);
    return free_;
  }

 private:
  void release() {
    {
      const MutexLock lock(mutex_);
      ++free_;
    }
    changed_.notify_all();
  }

  const std::string what_for_;
  const std::size_t most_waiting_;
  mutable Mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::uint64_t> waiting_ GUARDED_BY(mutex_);  ///< tickets, first come first
  std::uint64_t next_ GUARDED_BY(mutex_) = 0;
  std::size_t free_ GUARDED_BY(mutex_);
};

}  // namespace flux
