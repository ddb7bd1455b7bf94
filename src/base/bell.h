#pragma once

#include <condition_variable>
#include <mutex>

#include "base/context.h"

namespace flux {

/// Wakes one waiting thread. Rings that nobody has heard yet are one ring. Any thread may ring.
class Bell {
 public:
  void ring() {
    {
      const std::lock_guard lock(mutex_);
      rung_ = true;
    }
    heard_.notify_one();
  }

  /// True when rung (and that ring is used up); false when `timeout` passed or the context ended.
  bool wait(const Context& ctx, Duration timeout) {
    std::unique_lock lock(mutex_);
    const auto inner = ctx.with_timeout(timeout);
    heard_.wait_until(lock, ctx.stop_token(), *inner.deadline(), [this] { return rung_; });
    return std::exchange(rung_, false);
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any heard_;
  bool rung_ = false;
};

}  // namespace flux
