#include "manifests/exported.h"

#include <algorithm>
#include <array>

namespace flux::manifests {
namespace {

constexpr std::array<std::string_view, 8> kServerMetadata{"creationTimestamp", "deletionGracePeriodSeconds",
                                                          "deletionTimestamp", "generation",
                                                          "managedFields",     "resourceVersion",
                                                          "selfLink",          "uid"};

/// `creationTimestamp: null` and `status: {}` are in many templates and say nothing.
bool says_something(const std::optional<yaml::Node>& node) {
  return node && !node->is_null() && !(node->is_mapping() && node->size() == 0);
}

void note(yaml::Node where, std::string_view key, std::string_view prefix, std::set<std::string>& names) {
  if (says_something(where.find(key))) names.insert(std::string(prefix).append(key));
}

}  // namespace

std::span<const std::string_view> server_metadata() { return kServerMetadata; }

bool has_server_status(const ApiType& type) {
  const auto group = type.group();
  return group.find('.') == std::string_view::npos || group.ends_with(".k8s.io");
}

void note_left_out(yaml::Node object, const ApiType& type, std::set<std::string>& names) {
  if (has_server_status(type)) note(object, "status", "", names);
  const auto metadata = object.find("metadata");
  if (!metadata) return;
  for (const auto key : kServerMetadata) note(*metadata, key, "metadata.", names);
  if (const auto labels = metadata->find("labels")) note(*labels, "fluxcd.io/sync-gc-mark", "label ", names);
  const auto annotations = metadata->find("annotations");
  if (!annotations) return;
  for (const auto* key : {"fluxcd.io/sync-checksum", "kubectl.kubernetes.io/last-applied-configuration"})
    note(*annotations, key, "annotation ", names);
}

}  // namespace flux::manifests
