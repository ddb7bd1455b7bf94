#include "daemon/relevance.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

namespace flux::daemon {

bool matters(const cluster::Change& change) {
  if (!change.before || !change.after) return true;
  const auto facts = [](const cluster::Object& object) {
    return std::tuple(object.content(), object.gc_mark, object.ignore, object.deleting, object.owned,
                      object.has_additions);
  };
  return facts(*change.before) != facts(*change.after);
}

bool changes_images(const cluster::Change& change) {
  const auto& some = change.after ? change.after : change.before;
  constexpr std::array<std::string_view, 5> kWorkloads{"deployment", "daemonset", "statefulset", "cronjob",
                                                       "helmrelease"};
  if (std::ranges::find(kWorkloads, some->id.kind()) == kWorkloads.end()) return false;
  return !change.before || !change.after || change.before->content() != change.after->content();
}

}  // namespace flux::daemon
