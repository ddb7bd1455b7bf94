#pragma once

#include <string>

#include "base/result.h"
#include "manifests/remarks.h"
#include "model/manifest.h"
#include "yaml/document.h"

namespace flux::manifests {

/// The text of a scalar field: absent and null are empty. A collection is an error that names field and line.
[[nodiscard]] Result<std::string> scalar_field(const std::optional<yaml::Node>& node, std::string_view field);

/// One object as a Manifest. `object` is a mapping with a `kind`; `source` has its line filled in here. What is not
/// sent as written is added to `remarks`.
[[nodiscard]] Result<Manifest> manifest_of(yaml::Node object, Source source, Remarks& remarks);

}  // namespace flux::manifests
