#include "daemon/listing/rollout.h"

#include <algorithm>
#include <limits>

namespace flux::daemon {
namespace {

using cluster::RolloutCounts;

std::int32_t narrow(std::int64_t count) {
  using Limits = std::numeric_limits<std::int32_t>;
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(count, Limits::min(), Limits::max()));
}

bool is_observed(const RolloutCounts& counts) { return counts.observed_generation >= counts.generation; }

std::string status_of(const RolloutCounts& counts, bool complete) {
  if (!is_observed(counts)) return "started";
  return complete ? "ready" : "updating";
}

bool is_complete(const api::RolloutStatus& to) {
  return to.updated == to.desired && to.available == to.desired && to.outdated == 0;
}

Rollout of_deployment(const RolloutCounts& counts) {
  Rollout rollout;
  auto& to = rollout.counts;
  to.desired = narrow(counts.wanted_replicas.value_or(1));
  to.updated = narrow(counts.updated_replicas);
  to.ready = narrow(counts.ready_replicas);
  to.available = narrow(counts.available_replicas);
  to.outdated = narrow(counts.replicas - counts.updated_replicas);
  for (const auto& condition : counts.conditions)
    if ((condition.type == "Progressing" && condition.status == "False") ||
        (condition.type == "ReplicaFailure" && condition.status == "True"))
      to.messages.push_back(condition.message);
  rollout.status = status_of(counts, is_complete(to));
  if (is_observed(counts) && !to.messages.empty()) rollout.status = "error";
  return rollout;
}

Rollout of_daemon_set(const RolloutCounts& counts) {
  Rollout rollout;
  auto& to = rollout.counts;
  to.desired = narrow(counts.desired_scheduled);
  to.updated = narrow(counts.updated_scheduled);
  to.ready = narrow(counts.number_ready);
  to.available = narrow(counts.number_available);
  to.outdated = narrow(counts.current_scheduled - counts.updated_scheduled);
  rollout.status = status_of(counts, is_complete(to));
  return rollout;
}

Rollout of_stateful_set(const RolloutCounts& counts) {
  Rollout rollout;
  auto& to = rollout.counts;
  const auto replicas = counts.wanted_replicas.value_or(0);
  const bool rolling = counts.current_revision != counts.update_revision;
  to.desired = narrow(std::max<std::int64_t>(0, replicas - counts.partition));
  to.updated = narrow(rolling ? counts.updated_replicas : counts.current_replicas);
  to.ready = narrow(counts.ready_replicas);
  to.available = to.ready;
  to.outdated = to.desired - to.updated;
  rollout.status = status_of(counts, to.updated == to.desired && to.ready == replicas && to.outdated == 0);
  return rollout;
}

}  // namespace

Rollout rollout_of(const cluster::LiveWorkload& workload) {
  const auto& kind = workload.id.kind();
  if (kind == "deployment") return of_deployment(workload.rollout);
  if (kind == "daemonset") return of_daemon_set(workload.rollout);
  if (kind == "statefulset") return of_stateful_set(workload.rollout);
  if (kind == "helmrelease") return {workload.release_status, {}};
  return {"ready", {}};
}

}  // namespace flux::daemon
