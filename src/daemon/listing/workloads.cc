#include "daemon/listing/workloads.h"

#include <algorithm>

#include "daemon/invalid_filters.h"
#include "daemon/listing/images.h"
#include "daemon/listing/rollout.h"

namespace flux::daemon {
namespace {

using cluster::LiveWorkload;

api::Container container(std::string name, ImageRef image) {
  api::Container out;
  out.name = std::move(name);
  out.current.id = std::move(image);
  return out;
}

std::vector<api::Container> containers_of(const LiveWorkload& workload) {
  std::vector<api::Container> containers;
  for (auto& running : running_containers(workload))
    containers.push_back(container(std::move(running.name), std::move(running.image)));
  return containers;
}

ResourceId antecedent_of(const LiveWorkload& workload) {
  const auto at = workload.annotations.find("helm.fluxcd.io/antecedent");
  if (at == workload.annotations.end()) return {};
  return ResourceId::parse(at->second).value_or(ResourceId());
}

api::ControllerStatus status_of(LiveWorkload workload, const GitFacts& git,
                                const std::map<ResourceId, sync::ResourceError>& errors) {
  api::ControllerStatus out;
  out.containers = containers_of(workload);
  auto rollout = rollout_of(workload);
  out.status = std::move(rollout.status);
  out.rollout = std::move(rollout.counts);
  out.antecedent = antecedent_of(workload);
  if (!workload.labels.empty()) out.labels = std::move(workload.labels);
  if (const auto error = errors.find(workload.id); error != errors.end()) out.sync_error = error->second.error.message;

  const auto* manifests = git.manifests;
  const auto* in_git = manifests ? sync::find_desired(*manifests, workload.id, workload.type.group()) : nullptr;
  if (!in_git) {
    out.read_only = git.missing_reason;
  } else {
    out.policies = in_git->manifest->policies;
    for (auto& one : out.containers) one.available_error = filter_problem(out.policies, one.name);
    if (git.read_only) out.read_only = api::read_only::kMode;
  }
  out.id = std::move(workload.id);
  return out;
}

}  // namespace

std::vector<api::ControllerStatus> controller_statuses(std::vector<LiveWorkload> live, const GitFacts& git,
                                                       const std::map<ResourceId, sync::ResourceError>& errors) {
  std::vector<api::ControllerStatus> out;
  out.reserve(live.size());
  for (auto& workload : live) out.push_back(status_of(std::move(workload), git, errors));
  std::ranges::sort(out, {}, &api::ControllerStatus::id);
  return out;
}

}  // namespace flux::daemon
