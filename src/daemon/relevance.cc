#include "daemon/relevance.h"

#include <tuple>

namespace flux::daemon {

bool matters(const cluster::Change& change) {
  if (!change.before || !change.after) return true;
  const auto facts = [](const cluster::Object& object) {
    return std::tie(object.uid, object.owned_fields, object.gc_mark, object.ignore, object.deleting, object.owned);
  };
  return facts(*change.before) != facts(*change.after);
}

}  // namespace flux::daemon
