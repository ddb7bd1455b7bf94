#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace flux::cluster {

/// The JSON patch after which the fields written by client-side `kubectl apply` are our field manager's applied fields;
/// nullopt when there is nothing to take over. The next server-side apply then removes those of them that the manifest
/// does not have. The last-applied annotation is among them unless `keep_last_applied`: then it stays with whoever
/// wrote it, and so stays in the object.
///
/// Taken over are `Update` entries, subresources aside, that own the last-applied annotation, those of the manager
/// `kubectl-client-side-apply`, and, on objects that have the annotation, those of `kubectl` and `before-first-apply`.
/// The patch sets the resourceVersion, so the server answers 409 when the object has changed since it was read.
/// `object`: JSON with metadata.managedFields. Server error when it is not.
/// `additions`: also what people added with any of kubectl's managers (is_addition()), but for annotations that tell
/// fluxd what to do.
[[nodiscard]] Result<std::optional<std::string>> takeover_patch(std::string_view object, std::string_view manager,
                                                                bool keep_last_applied, bool additions = false);

/// Whether an `Update` entry is one to take over; the rule above.
[[nodiscard]] bool is_client_side_manager(std::string_view manager, bool owns_last_applied,
                                          bool object_has_last_applied);

}  // namespace flux::cluster
