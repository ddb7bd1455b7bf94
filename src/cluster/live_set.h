#pragma once

#include <memory>
#include <vector>

#include "base/shared_map.h"
#include "cluster/object.h"

namespace flux::cluster {

using ObjectPtr = std::shared_ptr<const Object>;

/// An object appeared, changed or went. Not both are null.
struct Change {
  ObjectPtr before;  ///< nullptr when it is new to us
  ObjectPtr after;   ///< nullptr when it is gone
};

/// Live objects by id. One id can name several: API groups are not part of it.
using LiveSet = SharedMap<ResourceId, std::vector<ObjectPtr>>;

/// Brings `live` in step with a change.
void apply_change(LiveSet& live, const Change& change);

}  // namespace flux::cluster
