#include "update/selection.h"

#include <algorithm>

namespace flux::update {
namespace {

WorkloadResult left_out(WorkloadStatus status, std::string_view why) { return {status, std::string(why), {}}; }

/// Why this one is left out; nothing: it is not.
std::optional<WorkloadResult> objection(const Selection& selection, const ResourceId& id, const WorkloadInGit& in_git,
                                        const Facts& facts) {
  using enum WorkloadStatus;
  if (selection.included && !selection.included->contains(id)) return left_out(ignored, reason::kNotIncluded);
  if (selection.excluded.contains(id)) return left_out(ignored, reason::kExcluded);
  const auto running = facts.cluster.find(id);
  if (running == facts.cluster.end()) return left_out(skipped, reason::kNotAccessibleInCluster);
  if (selection.image) {
    const auto& containers = running->second.containers;
    if (containers.empty()) return left_out(ignored, reason::kNotAccessibleInCluster);
    const auto runs_it = [&](const auto& one) { return one.image.canonical().name() == selection.image->name(); };
    if (std::ranges::none_of(containers, runs_it)) return left_out(ignored, reason::kDifferentImage);
  }
  if (!selection.heeds_locks) return std::nullopt;
  if (holds(in_git.policies, "locked")) return left_out(skipped, reason::kLocked);
  if (holds(in_git.policies, "ignore") || running->second.ignored) return left_out(skipped, reason::kIgnore);
  return std::nullopt;
}

}  // namespace

bool holds(const Policies& policies, const std::string& policy) {
  const auto found = policies.find(policy);
  return found != policies.end() && found->second == "true";
}

bool never_downgrades(const Policies& policies) { return holds(policies, "never-downgrade"); }

std::vector<ResourceId> select(const Selection& selection, const Facts& facts, UpdateResult& result) {
  std::vector<ResourceId> selected;
  for (const auto& [id, in_git] : facts.git) {
    if (auto why = objection(selection, id, in_git, facts))
      result.insert_or_assign(id, std::move(*why));
    else
      selected.push_back(id);
  }
  if (selection.included)
    for (const auto& id : *selection.included)
      if (!facts.git.contains(id))
        result.insert_or_assign(id, left_out(WorkloadStatus::skipped, reason::kNotInRepository));
  return selected;
}

}  // namespace flux::update
