#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/updates/edit_files.h"
#include "model/policy_update.h"
#include "update/plan.h"

namespace flux::daemon {

/// What an update comes to.
struct Changes {
  UpdateResult result;
  std::map<ResourceId, EditResource> edits;  ///< of the workloads that are to be changed
  std::optional<Error> error{};              ///< the update fails, and `result` says why
};

/// The workloads that a release names; none: it is about all.
[[nodiscard]] std::vector<ResourceId> workloads_of(const UpdateSpec& spec);

/// Those that automation looks after: automated, and neither locked nor ignored.
[[nodiscard]] std::vector<ResourceId> automated_workloads(const sync::DesiredSet& resources);

/// Of a release, whichever kind. A user error fails the whole job. Pure.
[[nodiscard]] Result<Changes> release_changes(const UpdateSpec& spec, const update::Facts& facts);

/// Of a change of policies (compat/manifests-and-releases.md 5.3, 5.4). A filter that is none is a user error. Pure.
[[nodiscard]] Result<Changes> policy_changes(const PolicyUpdates& updates, const sync::DesiredSet& resources,
                                             const std::vector<std::string>& allowed_namespaces);

}  // namespace flux::daemon
