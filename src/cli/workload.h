#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/resource_id.h"

namespace flux::cli {

/// A workload as users write it: `NAMESPACE:KIND/NAME`, or `KIND/NAME` in `ns` (compat/fluxctl.md 1.10). User error
/// `parsing X: invalid service ID`.
[[nodiscard]] Result<ResourceId> parse_workload(std::string_view text, std::string_view ns);

/// `text` when it is an image to release: it must have a tag, or be `<all latest>` (compat/fluxctl.md 1.10). User error
/// ending in `invalid image ID`.
[[nodiscard]] Result<std::string> parse_update_image(const std::string& text);

}  // namespace flux::cli
