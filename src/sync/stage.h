#pragma once

#include <string>
#include <string_view>

#include "model/manifest.h"

namespace flux::sync {

/// The JSON that a server-side apply sends for a manifest: the manifest with our mark, its checksum and its effective
/// namespace. A mark or checksum that the manifest itself has comes from an export, out of this cluster or another one,
/// and is replaced: with another's mark an object would never be collected. So is kubectl's last-applied annotation,
/// without anything in its place. `ns` is empty for cluster-scoped resources, whose namespace is left as written.
[[nodiscard]] std::string staged_body(const Manifest& manifest, std::string_view ns, std::string_view mark);

}  // namespace flux::sync
