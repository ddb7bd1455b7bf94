#include "daemon/relevance.h"

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

}  // namespace flux::daemon
