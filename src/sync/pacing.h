#pragma once

#include <map>
#include <optional>
#include <set>

#include "base/duration.h"
#include "model/resource_id.h"

namespace flux::sync {

/// Decides when a resource may be tried again: one that was refused, and one that somebody else keeps changing back.
/// Both are left alone for a growing while, so that a mistake costs a few requests and not a busy loop. Pure: the time
/// is given. One thread.
class Pacing {
 public:
  /// `longest`: no pause is longer than this, the sync interval.
  explicit Pacing(Duration longest) : longest_(longest) {}

  void failed(const ResourceId& id, Clock::time_point now);
  /// Put right after somebody changed or deleted it. The first few in a minute cost no pause. Returns the pause.
  Duration put_right(const ResourceId& id, Clock::time_point now);
  void succeeded(const ResourceId& id) { failures_.erase(id); }
  /// For a new revision and the periodic comparison: everything may be tried at once. Returns what was spoken of.
  std::set<ResourceId> forget();

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
  [[nodiscard]] Duration backoff(Duration first, int doublings) const;

  Duration longest_;
  std::map<ResourceId, Pause> failures_;
  std::map<ResourceId, Pause> fights_;
};

}  // namespace flux::sync
