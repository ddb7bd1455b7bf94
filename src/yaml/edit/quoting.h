#pragma once

#include <string>
#include <string_view>

#include "yaml/document.h"

namespace flux::yaml {

/// Whether the text, written without quotes, is the same string to readers of YAML 1.1 and of YAML 1.2, in block or
/// flow context (compat/manifests-and-releases.md 8.3): no boolean, null, number in any base, timestamp, `=` or `<<`,
/// and nothing that looks like syntax.
[[nodiscard]] bool is_safe_plain(std::string_view text, bool in_flow);

/// A string as a scalar on one line: in `style`, or where that cannot hold it in single quotes, or where these cannot
/// either in double quotes. What is within double quotes is JSON, too. Literal and folded count as plain.
[[nodiscard]] std::string quoted(std::string_view text, Style style, bool in_flow);

}  // namespace flux::yaml
