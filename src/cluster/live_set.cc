#include "cluster/live_set.h"

#include <algorithm>

namespace flux::cluster {

void apply_change(LiveSet& live, const Change& change) {
  const auto& id = change.after ? change.after->id : change.before->id;
  const auto* known = live.find(id);
  auto objects = known ? *known : std::vector<ObjectPtr>();
  const auto old = std::ranges::find(objects, change.before);
  if (old != objects.end() && change.after)
    *old = change.after;
  else if (old != objects.end())
    objects.erase(old);
  else if (change.after)
    objects.push_back(change.after);
  if (objects.empty())
    live.erase(id);
  else
    live.set(id, std::move(objects));
}

}  // namespace flux::cluster
