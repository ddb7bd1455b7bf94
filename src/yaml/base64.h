#pragma once

#include <string>
#include <string_view>

namespace flux::yaml {

/// RFC 4648 with padding; line breaks are skipped. False when `text` is anything else.
[[nodiscard]] bool decode_base64(std::string_view text, std::string& out);

/// In lines of 70 where it is longer than that, each with its line break, as `!!binary` is written.
[[nodiscard]] std::string encode_base64_lines(std::string_view bytes);

}  // namespace flux::yaml
