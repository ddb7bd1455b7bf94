#include "daemon/relevance.h"

#include <tuple>

#include "manifests/workloads/kinds.h"

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
  if (!manifests::is_workload(some->type.kind)) return false;
  return !change.before || !change.after || change.before->content() != change.after->content();
}

}  // namespace flux::daemon
