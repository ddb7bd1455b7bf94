#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace flux {

/// Standard alphabet with padding; line ends are ignored. nullopt when the text is something else.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);
[[nodiscard]] std::string encode_base64(std::string_view bytes);
/// The alphabet for URLs and file names, without padding (RFC 4648 5).
[[nodiscard]] std::string encode_base64url(std::string_view bytes);

}  // namespace flux
