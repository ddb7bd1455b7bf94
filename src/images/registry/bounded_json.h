#pragma once

#include <cstddef>
#include <string_view>

#include "base/json_fwd.h"
#include "base/result.h"

namespace flux::images {

/// The JSON that a registry sent, unless it has more than `most_values` values: each takes some 100 bytes where it may
/// have been two (`[],`), so that the length alone bounds nothing. Server error when it has, or is no JSON. Pure.
[[nodiscard]] Result<Json> parse_bounded_json(std::string_view text, std::size_t most_values);

}  // namespace flux::images
