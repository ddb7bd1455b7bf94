#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/context.h"
#include "base/result.h"

namespace flux::daemon {

/// Keeps requests that take a while from taking all of the threads that serve requests, so that probes are answered
/// whatever clients do. Any thread.
class Gate {
 public:
  /// `waiting`: how many may wait for one of the `at_once` places; further ones are refused.
  Gate(int at_once, int waiting) : free_(at_once), may_wait_(waiting) {}

  /// A place, given back at its end.
  class Pass {
   public:
    explicit Pass(Gate& gate) : gate_(&gate) {}
    Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
    Pass& operator=(Pass&&) = delete;
    ~Pass() {
      if (gate_) gate_->leave();
    }

   private:
    Gate* gate_;
  };

  /// Waits for a place. Server error when too many wait already; cancelled with the context.
  Result<Pass> enter(const Context& ctx) {
    std::unique_lock lock(mutex_);
    if (free_ == 0) {
      if (may_wait_ == 0)
        return fail(ErrorKind::server, "too many requests at once", "fluxd is busy. Try again in a moment.");
      --may_wait_;
      const auto freed = [this] { return free_ > 0; };
      const bool got = ctx.deadline() ? freed_.wait_until(lock, ctx.stop_token(), *ctx.deadline(), freed)
                                      : freed_.wait(lock, ctx.stop_token(), freed);
      ++may_wait_;
      if (!got) return Failure(ctx.check().error());
    }
    --free_;
    return Pass(*this);
  }

 private:
  void leave() {
    {
      const std::lock_guard lock(mutex_);
      ++free_;
    }
    freed_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable_any freed_;
  int free_;
  int may_wait_;
};

}  // namespace flux::daemon
