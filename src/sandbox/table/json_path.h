#pragma once

#include <string_view>

#include "sandbox/schema.h"

namespace flux::sandbox {

/// Reads a value by the JSONPath subset of printer columns: `.spec.a`, `.a['b.c']`, `.list[0]`, `.list[*].x`,
/// `.conditions[?(@.type=="Ready")].status`. Several matches are joined by commas. Null when there is none.
[[nodiscard]] Json json_path(const Json& body, std::string_view path);

}  // namespace flux::sandbox
