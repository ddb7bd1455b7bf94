#pragma once

#include <optional>

#include "base/duration.h"

namespace flux::daemon {

/// How one sync ended, as far as it matters for the next one.
struct SyncFacts {
  bool completed = false;                    ///< false: nothing is known to be in step, or git or the cluster is away
  bool compared_all = false;                 ///< it was one of the periodic comparisons, or as good
  bool deletions_wait = false;               ///< garbage collection was refused for what could not be read
  std::optional<Clock::time_point> retry{};  ///< when the first resource that rests may be tried again
};

/// When the loop has to do what: facts in, the next wake-up out. Pure: the time is given. One thread.
///
/// - A new head, or a change of the cluster, is synced at once.
/// - A sync that was not completed, or that does not count because git or the cluster is away, is tried again after 1
/// s,
///   then with doubled pauses up to 30 s.
/// - Everything is compared every sync interval, counted from the last comparison.
/// - Resources that rest, and deletions that wait for complete knowledge, have times of their own, which count only
///   while syncs complete: otherwise the retry comes first.
class Schedule {
 public:
  Schedule(Duration sync_interval, Clock::time_point now) : interval_(sync_interval), compare_(now + sync_interval) {}

  /// The branch was looked at, successfully or not; when not, look() says to do so again after a while.
  void looked(bool found, Clock::time_point now);
  [[nodiscard]] bool look(Clock::time_point now) const { return look_ && now >= *look_; }

  /// There is another head to sync to.
  void new_head(Clock::time_point now);
  /// There is no head yet, so that nothing can be synced.
  void nothing_to_sync(Clock::time_point now) { compare_ = now + interval_; }

  enum class Sync { none, changes, everything };
  /// What to sync now. `changed`: something of ours in the cluster is not as we left it.
  [[nodiscard]] Sync sync(Clock::time_point now, bool changed) const;
  void synced(const SyncFacts& facts, Clock::time_point now);

  /// When to ask again although nothing has happened.
  [[nodiscard]] Clock::time_point next() const;

 private:
  const Duration interval_;
  Clock::time_point compare_;               // the next periodic comparison
  std::optional<Clock::time_point> look_;   // after a look at the branch that failed
  std::optional<Clock::time_point> due_;    // of a new head, or of the retry of a sync that was not completed
  std::optional<Clock::time_point> retry_;  // of resources, and of deletions
  int failures_ = 0;                        // of syncs in a row
  Duration deletions_pause_{};
};

}  // namespace flux::daemon
