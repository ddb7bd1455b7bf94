#pragma once

#include <string>

#include "api/wire/controller_status.h"
#include "cluster/workload.h"

namespace flux::daemon {

/// How far a workload has got: its `Status` and `Rollout` (compat/api.md 6.2).
struct Rollout {
  std::string status;
  api::RolloutStatus counts;
};

/// By the rules of the workload's kind. Pure.
[[nodiscard]] Rollout rollout_of(const cluster::LiveWorkload& workload);

}  // namespace flux::daemon
