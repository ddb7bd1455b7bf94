#include "daemon/updates/changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "images/tag_pattern.h"
#include "manifests/edit/edit.h"
#include "manifests/workloads/kinds.h"
#include "update/automation.h"

namespace flux::daemon {
namespace {

Changes changes_of(UpdateResult result) {
  Changes changes;
  for (const auto& [id, workload] : result) {
    if (workload.status != WorkloadStatus::success) continue;
    changes.edits[id] = [updates = workload.containers](std::string_view file, const Manifest& manifest,
                                                        const ResourceId& of) {
      return manifests::set_images(file, manifest, of, updates);
    };
  }
  changes.result = std::move(result);
  return changes;
}

Result<void> check_filters(const PolicyUpdate& update) {
  for (const auto& [policy, value] : update.add) {
    if (!policy.starts_with("tag.") && policy != "tag_all") continue;
    const images::TagPattern pattern(value);
    if (!pattern.problem().empty())
      return fail(ErrorKind::user, fmt::format("invalid tag pattern: \"{}\"", value), pattern.problem());
  }
  return {};
}

}  // namespace

std::vector<ResourceId> workloads_of(const UpdateSpec& spec) {
  std::set<ResourceId> ids;
  if (const auto* image = std::get_if<ReleaseImageSpec>(&spec.detail)) {
    for (const auto& text : image->workloads) {
      if (text == kAllWorkloads) return {};
      if (auto id = ResourceId::parse(text)) ids.insert(std::move(*id));
    }
  } else if (const auto* containers = std::get_if<ReleaseContainersSpec>(&spec.detail)) {
    for (const auto& [id, updates] : containers->containers) ids.insert(id);
  } else if (const auto* automated = std::get_if<AutomatedSpec>(&spec.detail)) {
    for (const auto& change : automated->changes) ids.insert(change.workload);
  }
  return {ids.begin(), ids.end()};
}

std::vector<ResourceId> automated_workloads(const sync::DesiredSet& resources) {
  std::vector<ResourceId> ids;
  for (const auto& [id, desired] : resources)
    if (manifests::is_workload(desired.manifest->type.kind) && update::is_automated(desired.manifest->policies))
      ids.push_back(id);
  return ids;
}

Result<Changes> release_changes(const UpdateSpec& spec, const update::Facts& facts) {
  if (const auto* image = std::get_if<ReleaseImageSpec>(&spec.detail)) {
    auto plan = update::plan_release(*image, facts);
    if (!plan) return Failure(plan.error());
    return changes_of(std::move(*plan));
  }
  if (const auto* automated = std::get_if<AutomatedSpec>(&spec.detail))
    return changes_of(update::plan_release(*automated, facts));
  UpdateResult result;
  const auto planned = update::plan_release(std::get<ReleaseContainersSpec>(spec.detail), facts, result);
  auto changes = changes_of(std::move(result));
  if (!planned) changes.error = planned.error();
  return changes;
}

Result<Changes> policy_changes(const PolicyUpdates& updates, const sync::DesiredSet& resources,
                               const std::vector<std::string>& allowed_namespaces) {
  Changes changes;
  for (const auto& [id, update] : updates) {
    if (auto ok = check_filters(update); !ok) return Failure(ok.error());
    if (!allowed_namespaces.empty() && std::ranges::find(allowed_namespaces, id.ns()) == allowed_namespaces.end())
      return fail(ErrorKind::user, fmt::format("{} is in a namespace that fluxd is not to touch", id.to_string()),
                  "fluxd was started with --k8s-allow-namespace, which names the others.");
    if (!resources.contains(id)) {
      changes.result[id] = {WorkloadStatus::failed, fmt::format("resource {} not found", id.to_string()), {}};
      continue;
    }
    changes.result[id].status = WorkloadStatus::success;
    changes.edits[id] = [update](std::string_view file, const Manifest& manifest, const ResourceId& of) {
      return manifests::update_policies(file, manifest, of, update);
    };
  }
  return changes;
}

}  // namespace flux::daemon
