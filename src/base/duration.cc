#include "base/duration.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace flux {
namespace {

struct Unit {
  std::string_view name;
  double nanoseconds;
};

// Longer names first, so that `ms` is not read as `m`.
constexpr std::array<Unit, 8> kUnits{{{"ns", 1},
                                      {"us", 1e3},
                                      {"\xC2\xB5s", 1e3},
                                      {"\xCE\xBCs", 1e3},
                                      {"ms", 1e6},
                                      {"s", 1e9},
                                      {"m", 60e9},
                                      {"h", 3600e9}}};

Failure invalid(std::string_view text) {
  return fail(ErrorKind::user, fmt::format("invalid duration \"{}\"", text),
              "Write a number with a unit, such as 30s, 5m or 1h30m.");
}

/// The number at the front of `text`, which is cut off; nothing when there is none.
bool take_number(std::string_view& text, double& number) {
  const auto length = text.find_first_not_of("0123456789.");
  const auto digits = text.substr(0, length);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return false;
  text.remove_prefix(digits.size());
  return true;
}

bool take_unit(std::string_view& text, double& nanoseconds) {
  for (const auto& unit : kUnits) {
    if (!text.starts_with(unit.name)) continue;
    nanoseconds = unit.nanoseconds;
    text.remove_prefix(unit.name.size());
    return true;
  }
  return false;
}

std::string trim_zeros(std::string number) {
  if (number.find('.') == std::string::npos) return number;
  number.erase(number.find_last_not_of('0') + 1);
  if (number.back() == '.') number.pop_back();
  return number;
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  auto rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return Duration::zero();
  if (rest.empty()) return invalid(text);

  double total = 0;
  while (!rest.empty()) {
    double number = 0;
    double unit = 0;
    if (!take_number(rest, number) || !take_unit(rest, unit)) return invalid(text);
    total += number * unit;
  }
  if (total > static_cast<double>(std::numeric_limits<std::int64_t>::max())) return invalid(text);
  return Duration(std::llround(negative ? -total : total));
}

std::string format_duration(Duration duration) {
  const auto count = duration.count();
  if (count == 0) return "0s";
  const std::string sign = count < 0 ? "-" : "";
  const double ns = std::abs(static_cast<double>(count));
  if (ns < 1e3) return sign + trim_zeros(fmt::format("{:.0f}", ns)) + "ns";
  if (ns < 1e6) return sign + trim_zeros(fmt::format("{:.3f}", ns / 1e3)) + "\xC2\xB5s";
  if (ns < 1e9) return sign + trim_zeros(fmt::format("{:.6f}", ns / 1e6)) + "ms";

  const auto whole = std::abs(count) / 1'000'000'000;
  const auto fraction = static_cast<double>(std::abs(count) % 1'000'000'000) / 1e9;
  std::string text;
  if (whole >= 3600) text += fmt::format("{}h", whole / 3600);
  if (whole >= 60) text += fmt::format("{}m", whole / 60 % 60);
  return sign + text + trim_zeros(fmt::format("{:.9f}", static_cast<double>(whole % 60) + fraction)) + "s";
}

}  // namespace flux
