#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace flux::cluster {

/// The JSON patch after which the fields written by client-side `kubectl apply` are our field manager's applied fields,
/// the last-applied annotation included; nullopt when there is nothing to take over. The next server-side apply then
/// removes those of them that the manifest does not have.
///
/// Taken over are `Update` entries, subresources aside, that own the last-applied annotation, those of the manager
/// `kubectl-client-side-apply`, and, on objects that have the annotation, those of `kubectl` and `before-first-apply`.
/// The patch sets the resourceVersion, so the server answers 409 when the object has changed since it was read.
/// `object`: JSON with metadata.managedFields. Server error when it is not.
[[nodiscard]] Result<std::optional<std::string>> takeover_patch(std::string_view object, std::string_view manager);

/// Whether an `Update` entry is one to take over; the rule above.
[[nodiscard]] bool is_client_side_manager(std::string_view manager, bool owns_last_applied,
                                          bool object_has_last_applied);

}  // namespace flux::cluster
