#pragma once

#include <string>
#include <string_view>

namespace flux {

[[nodiscard]] bool is_utf8(std::string_view text);

/// `text` with each byte that is not part of a valid sequence replaced by U+FFFD.
[[nodiscard]] std::string replace_invalid_utf8(std::string_view text);

}  // namespace flux
