#pragma once

#include <condition_variable>
#include <mutex>

#include "base/context.h"

namespace flux::git::testing {

/// What a test does to the calls of a played part: it fails the next ones or holds them up. Any thread.
class Faults {
 public:
  /// The next `times` calls end with `error` and do nothing else.
  void fail_next(Error error, int times = 1) {
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
    failures_ = times;
  }

  /// From now on calls wait, until release() or the end of their context.
  void hold() {
    const std::lock_guard lock(mutex_);
    holding_ = true;
  }
  void release() {
    const std::lock_guard lock(mutex_);
    holding_ = false;
    changed_.notify_all();
  }

  /// Waits until `count` calls are held up; false after a minute.
  bool wait_until_held(int count = 1) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::minutes(1), [&] { return held_ >= count; });
  }

  /// How many calls there were.
  [[nodiscard]] int calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

  /// For the played part, first in each call.
  Result<void> enter(const Context& caller) {
    const auto ctx = caller.with_timeout(std::chrono::minutes(1));
    std::unique_lock lock(mutex_);
    ++calls_;
    if (holding_) {
      ++held_;
      changed_.notify_all();
      changed_.wait_until(lock, ctx.stop_token(), *ctx.deadline(), [this] { return !holding_; });
      --held_;
    }
    if (auto ok = ctx.check(); !ok) return ok;
    if (failures_ == 0) return {};
    --failures_;
    return Failure(error_);
  }

 private:
  mutable std::mutex mutex_;  ///< guards everything below
  std::condition_variable_any changed_;
  Error error_;
  int failures_ = 0;
  int calls_ = 0;
  int held_ = 0;
  bool holding_ = false;
};

}  // namespace flux::git::testing
