#pragma once

#include <map>

#include "model/json.h"
#include "model/policy.h"
#include "model/resource_id.h"

namespace flux {

/// What to change about one workload's policies. Removing wins over adding the same key; of what is removed only the
/// keys matter (compat/api.md 5.6 and 7).
struct PolicyUpdate {
  Policies add;
  Policies remove;
  friend bool operator==(const PolicyUpdate&, const PolicyUpdate&) = default;
};

using PolicyUpdates = std::map<ResourceId, PolicyUpdate>;

[[nodiscard]] Json to_json(const PolicyUpdates& updates);
/// Takes a set as an object of strings or as a list of names, each of which then has the value `true`. User error for
/// an id that is none, the empty one included.
[[nodiscard]] Result<PolicyUpdates> policy_updates_from_json(const Json& json);

}  // namespace flux
