#pragma once

#include <string>
#include <string_view>

#include "model/manifest.h"

namespace flux::sync {

/// The JSON body that a server-side apply sends for a manifest: the manifest with our mark, its checksum and its
/// effective namespace added, each only where the manifest has no value of its own (compat/daemon.md 5.4).
/// `ns` is empty for cluster-scoped resources, whose namespace is left as written.
/// Drops `metadata.managedFields`, which manifests exported from a cluster carry and no API server accepts.
[[nodiscard]] std::string staged_body(const Manifest& manifest, std::string_view ns, std::string_view mark);

}  // namespace flux::sync
