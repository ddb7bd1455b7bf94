#pragma once

#include <optional>

#include "base/duration.h"
#include "base/guarded.h"
#include "base/result.h"

namespace flux::daemon {

/// How far commits have come on their way from git into the cluster, and when last. What keeps them has its error and
/// since when; a step that works again forgets both.
struct Arrivals {
  struct Trouble {
    Error error;
    Clock::time_point since;
  };

  Clock::time_point started;                 ///< of this process: what has never worked yet counts from here
  std::optional<Clock::time_point> fetched;  ///< when git last answered
  std::optional<Trouble> branch;             ///< why the head to sync to is not known
  std::optional<Clock::time_point> synced;   ///< when a sync last counted as good
  std::optional<Trouble> sync;               ///< why the last one did not
};

/// Keeps them. The mirror and the loop tell, whoever asks for health looks. Any thread.
class ArrivalsBook {
 public:
  void fetched(Clock::time_point now = Clock::now()) {
    const MutexLock lock(mutex_);
    book_.fetched = now;
  }
  /// A term of leadership begins: nothing of the one before counts.
  void began(Clock::time_point now = Clock::now()) {
    const MutexLock lock(mutex_);
    book_ = {.started = now, .fetched = book_.fetched, .branch = {}, .synced = {}, .sync = {}};
  }
  /// The branch was looked at; no error: its head is found.
  void looked(const std::optional<Error>& error, Clock::time_point now = Clock::now()) {
    const MutexLock lock(mutex_);
    note(book_.branch, error, now);
  }
  /// A sync has ended; no error: it was completed, with git and the cluster there.
  void synced(const std::optional<Error>& error, Clock::time_point now = Clock::now()) {
    const MutexLock lock(mutex_);
    if (!error) book_.synced = now;
    note(book_.sync, error, now);
  }
  [[nodiscard]] Arrivals now() const {
    const MutexLock lock(mutex_);
    return book_;
  }

 private:
  static void note(std::optional<Arrivals::Trouble>& trouble, const std::optional<Error>& error,
                   Clock::time_point now) {
    if (!error)
      trouble.reset();
    else
      trouble = Arrivals::Trouble{*error, trouble ? trouble->since : now};
  }

  mutable Mutex mutex_;
  Arrivals book_ GUARDED_BY(mutex_){.started = Clock::now(), .fetched = {}, .branch = {}, .synced = {}, .sync = {}};
};

}  // namespace flux::daemon
