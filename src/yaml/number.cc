#include "yaml/number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace flux::yaml {
namespace {

unsigned digit_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'Z') return static_cast<unsigned>(c - 'A') + 10;
  return 99;
}

unsigned take_base(std::string_view& text) {
  if (text.empty() || text[0] != '0') return 10;
  const char mark = text.size() > 2 ? static_cast<char>(text[1] | 0x20) : '\0';
  const unsigned base = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
  text.remove_prefix(base ? 2 : 1);
  return base ? base : 8;
}

/// The shortest digits that read back, without point, and where the point goes: 0.012 is {"12", -1}.
struct Decimal {
  bool negative = false;
  std::string_view digits;
  int point = 0;
  std::array<char, 40> buffer{};
};

template <class Real>
void shortest(Real value, Decimal& out) {
  auto& buffer = out.buffer;
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(value), std::chars_format::scientific).ptr;
  const auto mark = std::find(buffer.data(), end, 'e');
  int exponent = 0;
  std::from_chars(mark + (mark[1] == '+' ? 2 : 1), end, exponent);
  auto last = mark;
  if (mark - buffer.data() > 1) {  // close the gap of the point
    std::copy(buffer.data() + 2, mark, buffer.data() + 1);
    --last;
  }
  out.negative = std::signbit(value);
  out.digits = {buffer.data(), static_cast<std::size_t>(last - buffer.data())};
  out.point = exponent + 1;
  if (value == 0) out.point = 1;
}

void append_fixed(std::string& out, const Decimal& number) {
  const auto& digits = number.digits;
  const auto count = static_cast<int>(digits.size());
  if (number.point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-number.point), '0').append(digits);
  } else if (number.point >= count) {
    out.append(digits).append(static_cast<std::size_t>(number.point - count), '0');
  } else {
    const auto whole = static_cast<std::size_t>(number.point);
    out.append(digits.substr(0, whole)).append(1, '.').append(digits.substr(whole));
  }
}

void append_scientific(std::string& out, const Decimal& number, std::size_t least_exponent_digits) {
  out += number.digits[0];
  if (number.digits.size() > 1) out.append(1, '.').append(number.digits.substr(1));
  const int exponent = number.point - 1;
  out.append(exponent < 0 ? "e-" : "e+");
  const auto text = std::to_string(std::abs(exponent));
  if (text.size() < least_exponent_digits) out += '0';
  out += text;
}

template <class Real>
void append_g(std::string& out, Real value) {
  if (std::isnan(value)) {
    out += ".nan";
    return;
  }
  if (std::isinf(value)) {
    out += value < 0 ? "-.inf" : ".inf";
    return;
  }
  Decimal number;
  shortest(value, number);
  if (number.negative) out += '-';
  const int exponent = number.point - 1;
  if (exponent < -4 || exponent >= 6)
    append_scientific(out, number, 2);
  else
    append_fixed(out, number);
}

}  // namespace

std::optional<std::uint64_t> parse_natural(std::string_view text, unsigned base) {
  if (text.empty()) return std::nullopt;
  if (base == 0) base = take_base(text);
  std::uint64_t value = 0;
  for (const char c : text) {
    const auto digit = digit_of(c);
    if (digit >= base || __builtin_mul_overflow(value, base, &value) || __builtin_add_overflow(value, digit, &value))
      return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text, unsigned base) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto magnitude = parse_natural(text, base);
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!magnitude || *magnitude > kMax + (negative ? 1 : 0)) return std::nullopt;
  return static_cast<std::int64_t>(negative ? 0 - *magnitude : *magnitude);
}

std::optional<double> parse_decimal(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    // from_chars does not say in which direction; strtod does.
    value = std::strtod(std::string(text).c_str(), nullptr);
    if (std::isinf(value)) return std::nullopt;
    return value;
  }
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void append_json_number(std::string& out, double value) {
  Decimal number;
  shortest(value, number);
  if (number.negative) out += '-';
  if (value != 0 && (std::abs(value) < 1e-6 || std::abs(value) >= 1e21))
    append_scientific(out, number, 1);
  else
    append_fixed(out, number);
}

void append_general(std::string& out, double value) { append_g(out, value); }
void append_general(std::string& out, float value) { append_g(out, value); }

}  // namespace flux::yaml
