#pragma once

#include <string>

#include "model/manifest.h"

namespace flux::manifests {

/// A manifest without the fields that a controller fills in by design, whatever git says of them: each apply would only
/// make the controller write once more. So far the `rules` of a ClusterRole with an `aggregationRule`. `rest` as in
/// Manifest.
[[nodiscard]] std::string without_controlled(std::string rest, const ApiType& type);

}  // namespace flux::manifests
