#include "manifests/workloads/containers.h"

#include <map>

#include "base/json.h"
#include "manifests/workloads/helm_images.h"
#include "manifests/workloads/json_text.h"
#include "manifests/workloads/kinds.h"
#include "manifests/workloads/pod_containers.h"

namespace flux::manifests {
namespace {

SortedJson parsed(const std::string& text) { return parse_sorted_json(text).value_or(nullptr); }

std::map<std::string, std::string> annotations_of(const Manifest& manifest) {
  std::map<std::string, std::string> out;
  const auto metadata = parsed(manifest.metadata);
  for (const auto& [key, value] : member_of(metadata, "annotations").items()) out.emplace(key, text_of(value));
  return out;
}

}  // namespace

std::vector<Container> containers_of(const Manifest& manifest) {
  const auto& kind = manifest.type.kind;
  if (!is_workload(kind)) return {};
  const auto object = parsed(manifest.rest);
  if (kind == "HelmRelease")
    return images_in_values(member_of(member_of(object, "spec"), "values"), annotations_of(manifest));
  const auto* at = &object;
  for (const auto key : pod_spec_path(kind)) at = &member_of(*at, std::string(key));
  return pod_containers(*at);
}

}  // namespace flux::manifests
