#pragma once

#include <map>
#include <string>
#include <vector>

#include "api/wire/controller_status.h"
#include "cluster/workload.h"
#include "sync/execute.h"
#include "sync/plan.h"

namespace flux::daemon {

/// What git says, for a listing of the cluster.
struct GitFacts {
  const sync::DesiredSet* manifests = nullptr;  ///< nullptr: the repository could not be looked at
  std::string_view missing_reason;              ///< ReadOnly of a workload without a manifest
  bool read_only = false;                       ///< --git-readonly
};

/// Lists workloads of the cluster with what git says about them, ordered by id (compat/api.md 5.1, 6.2): containers and
/// rollout as they run, policies and read-only reason out of git. Pure. `live` is used up.
[[nodiscard]] std::vector<api::ControllerStatus> controller_statuses(
    std::vector<cluster::LiveWorkload> live, const GitFacts& git,
    const std::map<ResourceId, sync::ResourceError>& errors);

}  // namespace flux::daemon
