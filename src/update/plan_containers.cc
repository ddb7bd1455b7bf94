#include <fmt/format.h>

#include <algorithm>

#include "update/plan.h"
#include "update/selection.h"

namespace flux::update {
namespace {

const manifests::Container* find_container(const std::vector<manifests::Container>& containers,
                                           const std::string& name) {
  const auto found = std::ranges::find(containers, name, &manifests::Container::name);
  return found == containers.end() ? nullptr : &*found;
}

/// One workload of a release of chosen containers (compat/manifests-and-releases.md 10.5).
WorkloadResult release_chosen(const std::vector<ContainerUpdate>& wanted, const RunningWorkload& running,
                              const WorkloadInGit& in_git, bool skip_mismatches) {
  std::vector<std::string> missing;
  std::vector<std::string> mismatched;
  WorkloadResult result{WorkloadStatus::success, {}, {}};
  for (const auto& update : wanted) {
    const auto* container = find_container(running.containers, update.container);
    if (!container || !find_container(in_git.containers, update.container))
      missing.push_back(update.container);
    else if (!update.current.empty() && update.current != container->image)
      mismatched.push_back(update.container);
    else if (update.target != container->image)
      result.containers.push_back({update.container, container->image, update.target});
  }
  const auto mismatch = fmt::format("{}{}", reason::kContainerTagMismatch, fmt::join(mismatched, ", "));
  if (!missing.empty())
    return {WorkloadStatus::failed, fmt::format("{}{}", reason::kContainerNotFound, fmt::join(missing, ", ")), {}};
  if (!mismatched.empty() && !skip_mismatches) return {WorkloadStatus::failed, mismatch, {}};
  if (result.containers.empty())
    return {WorkloadStatus::skipped, mismatched.empty() ? std::string(reason::kImageUpToDate) : mismatch, {}};
  if (!mismatched.empty()) result.error = mismatch;
  return result;
}

bool has(const UpdateResult& result, WorkloadStatus status) {
  return std::ranges::any_of(result, [&](const auto& one) { return one.second.status == status; });
}

}  // namespace

Result<void> plan_release(const ReleaseContainersSpec& spec, const Facts& facts, UpdateResult& result) {
  Selection selection;
  selection.included.emplace();
  for (const auto& [id, updates] : spec.containers) selection.included->insert(id);
  selection.heeds_locks = !spec.force;
  for (const auto& id : select(selection, facts, result)) {
    result[id] = release_chosen(spec.containers.at(id), facts.cluster.at(id), facts.git.at(id), spec.skip_mismatches);
  }
  if (has(result, WorkloadStatus::failed)) return fail(ErrorKind::user, "cannot satisfy specs", error_of(result));
  if (!has(result, WorkloadStatus::success)) return fail(ErrorKind::user, "no changes found");
  return {};
}

UpdateResult plan_release(const AutomatedSpec& spec, const Facts& facts) {
  Selection selection;
  selection.included.emplace();
  std::map<ResourceId, std::vector<const AutomatedSpec::Change*>> changes;
  for (const auto& change : spec.changes) {
    selection.included->insert(change.workload);
    changes[change.workload].push_back(&change);
  }
  UpdateResult plan;
  for (const auto& id : select(selection, facts, plan)) {
    WorkloadResult result{WorkloadStatus::success, {}, {}};
    for (const auto* change : changes.at(id)) {
      const auto* in_file = find_container(facts.git.at(id).containers, change->container);
      if (!in_file || !in_file->image.digest.empty()) continue;
      if (in_file->image.tag == change->target.tag) continue;
      auto target = in_file->image.with_tag(change->target.tag);
      result.containers.push_back({change->container, in_file->image, std::move(target)});
    }
    if (result.containers.empty()) result = {WorkloadStatus::skipped, std::string(reason::kImageUpToDate), {}};
    plan[id] = std::move(result);
  }
  return plan;
}

}  // namespace flux::update
