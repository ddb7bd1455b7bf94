#pragma once

#include <deque>
#include <string>
#include <vector>

#include "api/wire/daemon_status.h"
#include "base/guarded.h"

namespace flux::daemon {

/// What went wrong lately, for people who ask later. Any thread.
class PastErrors {
 public:
  static constexpr std::size_t kMost = 10;

  /// The same again only moves its time.
  void note(std::string message) {
    const Timestamp now = std::chrono::system_clock::now();
    const MutexLock lock(mutex_);
    if (!errors_.empty() && errors_.front().message == message) {
      errors_.front().at = now;
      return;
    }
    errors_.push_front({now, std::move(message)});
    if (errors_.size() > kMost) errors_.pop_back();
  }

  /// Newest first.
  [[nodiscard]] std::vector<api::PastError> list() const {
    const MutexLock lock(mutex_);
    return {errors_.begin(), errors_.end()};
  }

 private:
  mutable Mutex mutex_;
  std::deque<api::PastError> errors_ GUARDED_BY(mutex_);
};

}  // namespace flux::daemon
