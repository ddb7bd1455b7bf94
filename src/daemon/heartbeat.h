#pragma once

#include <optional>

#include "base/duration.h"
#include "base/guarded.h"

namespace flux::daemon {

/// Whether the loop still turns: it says how long each turn may take, the probes ask whether one takes longer.
/// Any thread.
class Heartbeat {
 public:
  /// Until the returned guard goes, the loop is busy, and late after `limit`.
  class Busy {
   public:
    explicit Busy(Heartbeat& heartbeat) : heartbeat_(heartbeat) {}
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;
    ~Busy() { heartbeat_.set({}); }

   private:
    Heartbeat& heartbeat_;
  };
  [[nodiscard]] Busy busy(Duration limit) {
    set(Clock::now() + limit);
    return Busy(*this);
  }

  [[nodiscard]] bool late() const {
    const MutexLock lock(mutex_);
    return deadline_ && Clock::now() > *deadline_;
  }

 private:
  void set(std::optional<Clock::time_point> deadline) {
    const MutexLock lock(mutex_);
    deadline_ = deadline;
  }

  mutable Mutex mutex_;
  std::optional<Clock::time_point> deadline_ GUARDED_BY(mutex_);
};

}  // namespace flux::daemon
