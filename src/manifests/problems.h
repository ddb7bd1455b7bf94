#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/manifest.h"
#include "model/resource_id.h"

namespace flux::manifests {

/// `duplicate definition of '<id>' (in <a> and <b>)`, or with one source when both are the same.
[[nodiscard]] std::string duplicate(const ResourceId& id, const Source& first, const Source& second);

/// Everything that is wrong, as one error: the first problem, then the others one a line, at most 20 in all.
/// `problems` is not empty.
[[nodiscard]] Error combine(std::span<const std::string> problems);

}  // namespace flux::manifests
