#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flux::yaml {

/// Integers with Go's prefixes when `base` is 0 (`0x`, `0o`, `0b`, a leading 0 for octal), else of that base.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text, unsigned base);
[[nodiscard]] std::optional<std::uint64_t> parse_natural(std::string_view text, unsigned base);

/// A decimal number that is known to be well-formed; nothing when it is too large for a double.
[[nodiscard]] std::optional<double> parse_decimal(std::string_view text);

/// How to print a real number: as Go's encoding/json (finite only), or as Go's strconv format 'g'.
void append_json_number(std::string& out, double value);
void append_general(std::string& out, double value);
void append_general(std::string& out, float value);

}  // namespace flux::yaml
