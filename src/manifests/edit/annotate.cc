#include <algorithm>
#include <utility>

#include "manifests/edit/annotations.h"
#include "manifests/edit/edit.h"
#include "manifests/edit/policy_changes.h"
#include "manifests/edit/target.h"
#include "manifests/workloads/containers.h"
#include "manifests/workloads/kinds.h"

namespace flux::manifests {
namespace {

/// Setting comes before removing, so that there are neighbours to take after.
std::vector<yaml::Change> changes_at(const Target& target, const AnnotationChanges& changes) {
  auto path = target.path;
  path.emplace_back("metadata");
  path.emplace_back("annotations");
  const auto at = [&](const std::string& key) {
    auto place = path;
    place.emplace_back(key);
    return place;
  };
  const auto now = annotations_in(target.object());
  std::vector<yaml::Change> out;
  for (const auto& [key, value] : changes)
    if (value && !value->empty()) out.push_back({at(key), value});
  if (out.empty() && !now.empty() &&
      std::ranges::all_of(now, [&](const auto& one) { return changes.contains(one.first); }))
    return {{path, std::nullopt}};
  for (const auto& [key, value] : changes)
    if ((!value || value->empty()) && now.contains(key)) out.push_back({at(key), std::nullopt});
  return out;
}

Result<std::string> annotated(std::string_view file, const Target& target, const AnnotationChanges& changes) {
  auto edited = edit_target(file, target, changes_at(target, changes));
  if (!edited) return Failure(std::move(edited.error()));
  return std::move(edited->text);
}

std::vector<std::string> names_of_containers(const Manifest& manifest) {
  std::vector<std::string> names;
  for (auto& container : containers_of(manifest)) names.push_back(std::move(container.name));
  return names;
}

}  // namespace

Result<std::string> annotate(std::string_view file, const Manifest& manifest, const ResourceId& id,
                             const AnnotationChanges& changes) {
  const auto target = find_target(file, manifest);
  if (!target) return in_resource(target.error(), id, manifest);
  auto text = annotated(file, *target, changes);
  if (!text) return in_resource(std::move(text.error()), id, manifest);
  return text;
}

Result<std::string> update_policies(std::string_view file, const Manifest& manifest, const ResourceId& id,
                                    const PolicyUpdate& update) {
  if (!is_workload(manifest.type.kind))
    return fail(ErrorKind::user, "resource " + id.to_string() + " does not have containers",
                "Policies are for Deployments, DaemonSets, StatefulSets, CronJobs and HelmReleases.");
  const auto target = find_target(file, manifest);
  if (!target) return in_resource(target.error(), id, manifest);
  const auto changes = policy_changes(update, names_of_containers(manifest), annotations_in(target->object()));
  auto text = annotated(file, *target, changes);
  if (!text) return in_resource(std::move(text.error()), id, manifest);
  return text;
}

}  // namespace flux::manifests
