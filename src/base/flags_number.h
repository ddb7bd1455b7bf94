#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace flux {

/// Numbers as Go's strconv reads them with base 0: sign, `0x`, `0o` or a leading 0, `0b`, `_` after the base prefix and
/// between digits. User errors, worded alike.
[[nodiscard]] Result<std::int64_t> parse_int(std::string_view text);
[[nodiscard]] Result<std::uint64_t> parse_uint(std::string_view text);

/// Decimal with optional exponent, hexadecimal with `p`, `inf`, `infinity` and `nan` in any case.
[[nodiscard]] Result<double> parse_float(std::string_view text);

/// `text` in double quotes, with Go's escapes.
[[nodiscard]] std::string quote(std::string_view text);

}  // namespace flux
