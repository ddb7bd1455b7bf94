#pragma once

#include <condition_variable>

#include "base/context.h"
#include "base/guarded.h"

namespace flux {

/// Wakes one waiting thread. Rings that nobody has heard yet are one ring. Any thread may ring.
class Bell {
 public:
  void ring() {
    {
      const MutexLock lock(mutex_);
      rung_ = true;
    }
    heard_.notify_one();
  }

  /// True when rung (and that ring is used up); false when `timeout` passed or the context ended.
  bool wait(const Context& ctx, Duration timeout) {
    MutexLock lock(mutex_);
    const auto inner = ctx.with_timeout(timeout);
    heard_.wait_until(lock, ctx.stop_token(), *inner.deadline(), [this]() REQUIRES(mutex_) { return rung_; });
    return std::exchange(rung_, false);
  }

 private:
  Mutex mutex_;
  std::condition_variable_any heard_;
  bool rung_ GUARDED_BY(mutex_) = false;
};

}  // namespace flux
