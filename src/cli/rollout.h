#pragma once

#include <cstdint>
#include <vector>

#include "cli/session.h"

namespace flux::cli {

/// `release --watch` (compat/fluxctl.md 2.5): shows the workloads every two seconds until all of them are ready or one
/// reports a problem, which is false, and no failure unless somebody makes it one. Unlike Flux v1 it gives up after
/// `--timeout` without any change, and a deployed Helm release is done.
Outcome<bool> watch_rollout(const Context& ctx, Session& session, const std::vector<ResourceId>& workloads,
                            std::int64_t verbosity);

/// WORKLOAD, CONTAINER, IMAGE, RELEASE, REPLICAS of one workload.
[[nodiscard]] std::string rollout_table(const api::ControllerStatus& workload, std::int64_t verbosity);

}  // namespace flux::cli
