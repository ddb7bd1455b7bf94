#pragma once

#include <map>
#include <optional>
#include <set>

#include "base/duration.h"
#include "model/resource_id.h"

namespace flux::sync {

/// Decides when a resource may be tried again: one that was refused, one that somebody else keeps changing back, and
/// one that somebody keeps changing where it is not ours. All are left alone for a growing while, so that a mistake
/// costs a few requests and not a busy loop. Pure: the time is given. One thread.
class Pacing {
 public:
  /// `longest`: the longest pause of failures and of looks, the sync interval. A fight goes on with three writes an
  /// hour.
  explicit Pacing(Duration longest) : longest_(longest) {}

  void failed(const ResourceId& id, Clock::time_point now);
  /// Put right after somebody changed or deleted it. The first few cost no pause. Returns the pause.
  Duration put_right(const ResourceId& id, Clock::time_point now);
  /// Applied because somebody changed it, and nothing of ours turned out to be changed.
  void found_right(const ResourceId& id, Clock::time_point now);
  void succeeded(const ResourceId& id) { failures_.erase(id); }
  /// For a new revision: everything may be tried at once. Returns what was spoken of.
  std::set<ResourceId> forget();
  /// The same for the periodic comparison, but for fights: nobody gains by another round.
  std::set<ResourceId> forget_failures();
  /// Those that somebody else keeps changing back.
  [[nodiscard]] std::set<ResourceId> contested(Clock::time_point now) const;

  [[nodiscard]] std::set<ResourceId> resting(Clock::time_point now) const;
  /// When the first of them may be tried again; may be in the past.
  [[nodiscard]] std::optional<Clock::time_point> next() const;
  /// Those that may be tried again; each is named once, and next() no longer speaks of it.
  [[nodiscard]] std::set<ResourceId> take_due(Clock::time_point now);

 private:
  struct Pause {
    int count = 0;
    Clock::time_point last;
    Clock::time_point until;
  };
  using Pauses = std::map<ResourceId, Pause>;
  static Duration repeated(Pauses& pauses, const ResourceId& id, Clock::time_point now, Duration longest);

  Duration longest_;
  Pauses failures_;
  Pauses fights_;
  Pauses looks_;
};

}  // namespace flux::sync
