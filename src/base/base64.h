#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace flux {

/// RFC 4648 with padding, on one line.
[[nodiscard]] std::string encode_base64(std::string_view bytes);

/// The same with line breaks skipped; nothing when `text` is anything else.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace flux
