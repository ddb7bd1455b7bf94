#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/json.h"
#include "manifests/edit/annotations.h"
#include "manifests/edit/edit.h"
#include "manifests/edit/release_changes.h"
#include "manifests/edit/target.h"
#include "manifests/workloads/kinds.h"
#include "yaml/json.h"

namespace flux::manifests {
namespace {

using YamlChanges = std::vector<yaml::Change>;

Result<YamlChanges> pod_changes(const Target& target, const std::string& kind, const ContainerUpdate& update) {
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
      return YamlChanges{{std::move(at), update.target.to_string()}};
    }
  }
  return fail(ErrorKind::user, fmt::format("container {} not found", update.container),
              "Check its name against fluxctl list-images.");
}

yaml::Path values_path(const Target& target) {
  auto path = target.path;
  path.emplace_back("spec");
  path.emplace_back("values");
  return path;
}

Result<SortedJson> values_in(const yaml::Document& document, const Target& target) {
  const auto values = yaml::node_at(document.root(), values_path(target));
  const auto json = values ? yaml::to_json(*values) : std::string("null");
  if (!json) return Failure(json.error());
  return parse_sorted_json(*json).value_or(nullptr);
}

Result<YamlChanges> release_changes_at(const Target& target, const ContainerUpdate& update) {
  const auto values = values_in(target.document, target);
  if (!values) return Failure(values.error());
  auto fields = release_changes(*values, annotations_in(target.object()), update.container, update.target);
  if (!fields) return Failure(std::move(fields.error()));
  YamlChanges changes;
  for (auto& field : *fields) {
    changes.push_back({values_path(target), std::move(field.text)});
    std::ranges::move(field.path, std::back_inserter(changes.back().path));
  }
  return changes;
}

/// Several fields make an image. That a pod's image is what was written is known already.
Result<void> check_release(const yaml::Document& after, const Target& target,
                           std::span<const ContainerUpdate> updates) {
  const auto values = values_in(after, target);
  if (!values) return Failure(values.error());
  for (const auto& update : updates) {
    const auto found = find_release_image(*values, annotations_in(target.object()), update.container);
    const auto is = found ? found->container.image.to_string() : std::string("gone");
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
  const bool is_release = kind == "HelmRelease";
  YamlChanges changes;
  for (const auto& update : updates) {
    auto some = is_release ? release_changes_at(*target, update) : pod_changes(*target, kind, update);
    if (!some) return Failure(std::move(some.error()));
    std::ranges::move(*some, std::back_inserter(changes));
  }
  auto edited = edit_target(file, *target, changes);
  if (!edited) return Failure(std::move(edited.error()));
  if (is_release && edited->document)
    if (auto ok = check_release(*edited->document, *target, updates); !ok) return Failure(std::move(ok.error()));
  return std::move(edited->text);
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
