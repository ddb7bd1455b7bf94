#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/json.h"
#include "manifests/edit/annotations.h"
#include "manifests/edit/edit.h"
#include "manifests/edit/release_changes.h"
#include "manifests/edit/target.h"
#include "manifests/object.h"
#include "manifests/workloads/containers.h"
#include "manifests/workloads/kinds.h"
#include "yaml/json.h"

namespace flux::manifests {
namespace {

using Changes = std::vector<yaml::Change>;

Result<Changes> pod_changes(const Target& target, const std::string& kind, const ContainerUpdate& update) {
  auto path = target.path;
  for (const auto key : pod_spec_path(kind)) path.emplace_back(std::string(key));
  for (const auto* const list : {"containers", "initContainers"}) {
    auto at = path;
    at.emplace_back(list);
    const auto items = yaml::node_at(target.document.root(), at);
    if (!items || !items->is_sequence()) continue;
    for (std::size_t i = 0; i < items->size(); ++i) {
      const auto name = items->item(i).find("name");
      const auto text = name && name->is_scalar() ? yaml::scalar_text(*name) : std::string();
      if (!items->item(i).is_mapping() || text != update.container) continue;
      at.emplace_back(i);
      at.emplace_back("image");
      return Changes{{std::move(at), update.target.to_string()}};
    }
  }
  return fail(ErrorKind::user, fmt::format("container {} not found", update.container),
              "Check its name against fluxctl list-images.");
}

Result<Changes> release_changes_at(const Target& target, const ContainerUpdate& update) {
  auto path = target.path;
  path.emplace_back("spec");
  path.emplace_back("values");
  const auto values = yaml::node_at(target.document.root(), path);
  const auto json = values ? yaml::to_json(*values) : std::string("null");
  if (!json) return Failure(json.error());
  auto fields = release_changes(parse_sorted_json(*json).value_or(nullptr), annotations_in(target.object()),
                                update.container, update.target);
  if (!fields) return Failure(std::move(fields.error()));
  Changes changes;
  for (auto& field : *fields) {
    changes.push_back({path, std::move(field.text)});
    std::ranges::move(field.path, std::back_inserter(changes.back().path));
  }
  return changes;
}

/// What was written is read as whoever loads the file next will read it.
Result<void> check_images(std::string_view file, const Manifest& manifest, std::span<const ContainerUpdate> updates) {
  const auto target = find_target(file, manifest);
  if (!target) return Failure(target.error());
  Remarks remarks;
  const auto after = manifest_of(target->object(), manifest.source, remarks);
  if (!after) return Failure(after.error());
  const auto containers = containers_of(*after);
  for (const auto& update : updates) {
    const auto found = std::ranges::find(containers, update.container, &Container::name);
    const auto is = found == containers.end() ? std::string("gone") : found->image.to_string();
    if (is == update.target.to_string()) continue;
    return fail(ErrorKind::user,
                fmt::format(R"(the image for container "{}" should be "{}", but is "{}")", update.container,
                            update.target.to_string(), is),
                "Change the image by hand.");
  }
  return {};
}

Result<std::string> with_images(std::string_view file, const Manifest& manifest,
                                std::span<const ContainerUpdate> updates) {
  const auto target = find_target(file, manifest);
  if (!target) return Failure(target.error());
  const auto& kind = manifest.type.kind;
  Changes changes;
  for (const auto& update : updates) {
    auto some = kind == "HelmRelease" ? release_changes_at(*target, update) : pod_changes(*target, kind, update);
    if (!some) return Failure(std::move(some.error()));
    std::ranges::move(*some, std::back_inserter(changes));
  }
  auto text = edit_target(file, *target, changes);
  if (!text) return text;
  if (*text == file) return text;
  if (auto ok = check_images(*text, manifest, updates); !ok) return Failure(std::move(ok.error()));
  return text;
}

}  // namespace

Result<std::string> set_images(std::string_view file, const Manifest& manifest, const ResourceId& id,
                               std::span<const ContainerUpdate> updates) {
  if (!is_workload(manifest.type.kind))
    return fail(ErrorKind::user, fmt::format("updating resource kind \"{}\" not supported", manifest.type.kind),
                "Images are those of Deployments, DaemonSets, StatefulSets, CronJobs and HelmReleases.");
  auto text = with_images(file, manifest, updates);
  if (!text) return in_resource(std::move(text.error()), id, manifest);
  return text;
}

}  // namespace flux::manifests
