#include "base/flags_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <system_error>

#include "base/ascii.h"
#include "base/utf8.h"

namespace flux {
namespace {

Failure bad_number(std::string_view function, std::string_view text, std::string_view what) {
  return fail(ErrorKind::user, fmt::format("strconv.{}: parsing {}: {}", function, quote(text), what),
              "Write a number.");
}

bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

/// Each `_` must stand between two digits, where the base prefix counts as one. `text` is in lower case, unsigned.
bool underscores_fit(std::string_view text) {
  const bool prefixed =
      text.size() > 1 && text[0] == '0' && std::string_view("xbo").find(text[1]) != std::string_view::npos;
  const auto digit = prefixed && text[1] == 'x' ? is_hex_digit : is_digit;
  bool after_digit = prefixed;
  bool open = false;
  for (const char c : text.substr(prefixed ? 2 : 0)) {
    if (c == '_') {
      if (!after_digit) return false;
      open = true;
      after_digit = false;
    } else if (digit(c)) {
      after_digit = true;
      open = false;
    } else {
      if (open) return false;
      after_digit = false;
    }
  }
  return !open;
}

/// Magnitude of an integer in any base; nothing on bad syntax, `overflow` set when it does not fit.
std::optional<std::uint64_t> magnitude(std::string_view text, bool& overflow) {
  auto digits = to_lower(text);
  const bool grouped = digits.find('_') != std::string::npos;
  const bool prefixed = digits.size() > 1 && digits[0] == '0';
  if (grouped && !underscores_fit(digits)) return std::nullopt;
  int base = 10;
  if (prefixed) {
    const char letter = digits[1];
    base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
    digits.erase(0, letter == 'x' || letter == 'b' || letter == 'o' ? 2 : 1);
  }
  std::erase(digits, '_');
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (end != digits.data() + digits.size() || error == std::errc::invalid_argument) return std::nullopt;
  overflow = error == std::errc::result_out_of_range;
  return value;
}

}  // namespace

Result<std::uint64_t> parse_uint(std::string_view text) {
  bool overflow = false;
  const auto value = magnitude(text, overflow);
  if (!value) return bad_number("ParseUint", text, "invalid syntax");
  if (overflow) return bad_number("ParseUint", text, "value out of range");
  return *value;
}

Result<std::int64_t> parse_int(std::string_view text) {
  const bool negative = text.starts_with('-');
  const bool is_signed = negative || text.starts_with('+');
  bool overflow = false;
  const auto value = magnitude(text.substr(is_signed ? 1 : 0), overflow);
  if (!value) return bad_number("ParseInt", text, "invalid syntax");
  const auto limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + (negative ? 1 : 0);
  if (overflow || *value > limit) return bad_number("ParseInt", text, "value out of range");
  return static_cast<std::int64_t>(negative ? 0 - *value : *value);
}

Result<double> parse_float(std::string_view text) {
  auto digits = to_lower(text);
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.erase(0, 1);
  const bool hexadecimal = digits.starts_with("0x");
  if (digits.find('_') != std::string::npos) {
    if (!underscores_fit(digits)) return bad_number("ParseFloat", text, "invalid syntax");
    std::erase(digits, '_');
  }
  if (hexadecimal) digits.erase(0, 2);
  const bool word = digits == "inf" || digits == "infinity" || (digits == "nan" && digits.size() == text.size());
  const bool number =
      !digits.empty() && (digits[0] == '.' || (hexadecimal ? is_hex_digit(digits[0]) : is_digit(digits[0])));
  const bool complete = !hexadecimal || digits.find('p') != std::string::npos;
  if (!word && !(number && complete)) return bad_number("ParseFloat", text, "invalid syntax");
  double value = 0;
  const auto format = hexadecimal ? std::chars_format::hex : std::chars_format::general;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, format);
  if (end != digits.data() + digits.size()) return bad_number("ParseFloat", text, "invalid syntax");
  if (error == std::errc::result_out_of_range) {
    // Too small is rounded to zero, too large is an error.
    if (digits.find(hexadecimal ? "p-" : "e-") == std::string::npos)
      return bad_number("ParseFloat", text, "value out of range");
    value = 0;
  }
  return negative ? -value : value;
}

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    static constexpr std::string_view kPlain = "\a\b\f\n\r\t\v\\\"";
    static constexpr std::string_view kLetters = "abfnrtv\\\"";
    if (const auto known = kPlain.find(c); known != std::string_view::npos)
      out += {'\\', kLetters[known]};
    else if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return is_utf8(out) ? out + '"' : replace_invalid_utf8(out) + '"';
}

}  // namespace flux
