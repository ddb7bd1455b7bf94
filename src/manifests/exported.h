#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>

#include "model/manifest.h"
#include "yaml/document.h"

namespace flux::manifests {

/// What a manifest that was exported from a cluster says and only a server can: sent along, an apply is refused
/// (another uid, resourceVersion or managedFields) or owns what is nobody's. What a user can mean (ownerReferences,
/// finalizers) stays.

/// Members of `metadata` that are left out.
[[nodiscard]] std::span<const std::string_view> server_metadata();

/// Whether the member `status` of such an object is left out: of built-in types, which all have it beside what a user
/// writes. In a custom resource without a status subresource `status` is a field like any other; where there is one,
/// the API server itself passes over it.
[[nodiscard]] bool has_server_status(const ApiType& type);

/// The names of what is left out of `object` and says something, such as `metadata.uid`: also the mark and the checksum
/// of another daemon and kubectl's last-applied annotation, in whose place ours are put (sync/stage.h).
void note_left_out(yaml::Node object, const ApiType& type, std::set<std::string>& names);

}  // namespace flux::manifests
