#include "base/duration.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace flux {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};

constexpr std::array<Unit, 8> kUnits{{{"ns", 1},
                                      {"us", 1'000},
                                      {"\xC2\xB5s", 1'000},  // the micro sign and the Greek letter
                                      {"\xCE\xBCs", 1'000},
                                      {"ms", 1'000'000},
                                      {"s", 1'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"h", 3'600'000'000'000}}};

/// One more than the longest duration: only its negative can be held.
constexpr std::uint64_t kLimit = std::uint64_t{1} << 63;

Failure bad_duration(std::string_view what, std::string_view text) {
  return fail(ErrorKind::user, fmt::format("time: {} duration \"{}\"", what, text),
              "Write a number with a unit, such as 30s, 5m or 1h30m.");
}

std::string_view take_digits(std::string_view& text) {
  const auto digits = text.substr(0, text.find_first_not_of("0123456789"));
  text.remove_prefix(digits.size());
  return digits;
}

/// The nanoseconds of `fraction` (decimals of a number of units), rounded down.
std::uint64_t part_of_unit(std::string_view fraction, std::uint64_t unit) {
  // As many digits as fit 64 bits; more make no difference of a nanosecond.
  fraction = fraction.substr(0, 19);
  std::uint64_t value = 0;
  double scale = 1;
  for (const char digit : fraction) {
    value = value * 10 + static_cast<std::uint64_t>(digit - '0');
    scale *= 10;
  }
  return static_cast<std::uint64_t>(static_cast<double>(value) * (static_cast<double>(unit) / scale));
}

/// One number with its unit off the front of `rest`, added to `total`. `text` is the whole, for messages.
Result<void> take_term(std::string_view& rest, std::uint64_t& total, std::string_view text) {
  const auto whole = take_digits(rest);
  std::string_view fraction;
  const bool point = rest.starts_with('.');
  if (point) {
    rest.remove_prefix(1);
    fraction = take_digits(rest);
  }
  if (whole.empty() && fraction.empty()) return bad_duration("invalid", text);
  const auto name = rest.substr(0, rest.find_first_of(".0123456789"));
  if (name.empty()) return bad_duration("missing unit in", text);
  rest.remove_prefix(name.size());
  const auto unit = std::ranges::find(kUnits, name, &Unit::name);
  if (unit == kUnits.end()) return bad_duration(fmt::format("unknown unit \"{}\" in", name), text);

  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), count);
  const bool overflow = error == std::errc::result_out_of_range;
  if (overflow || count > kLimit / unit->nanoseconds) return bad_duration("invalid", text);
  // Each of the sums stays below 2^64: the terms are at most 2^63, the fraction is less than a unit.
  count = count * unit->nanoseconds + part_of_unit(fraction, unit->nanoseconds);
  if (count > kLimit || total + count > kLimit) return bad_duration("invalid", text);
  total += count;
  return {};
}

/// `number` with its decimal point moved `places` to the left, without trailing zeros.
std::string decimal(std::uint64_t number, int places) {
  auto digits = fmt::format("{:0{}}", number, places + 1);
  digits.insert(digits.size() - static_cast<std::size_t>(places), ".");
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  auto rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return Duration::zero();
  if (rest.empty()) return bad_duration("invalid", text);

  std::uint64_t total = 0;
  while (!rest.empty())
    if (auto term = take_term(rest, total, text); !term) return Failure(term.error());
  if (total == kLimit && !negative) return bad_duration("invalid", text);
  return Duration(static_cast<std::int64_t>(negative ? 0 - total : total));
}

std::string format_duration(Duration duration) {
  const auto count = duration.count();
  const std::string sign = count < 0 ? "-" : "";
  const auto ns = count < 0 ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
  if (ns == 0) return "0s";
  if (ns < 1'000) return fmt::format("{}{}ns", sign, ns);
  if (ns < 1'000'000) return sign + decimal(ns, 3) + "\xC2\xB5s";
  if (ns < 1'000'000'000) return sign + decimal(ns, 6) + "ms";

  const auto seconds = ns / 1'000'000'000;
  std::string text = sign;
  if (seconds >= 3600) text += fmt::format("{}h", seconds / 3600);
  if (seconds >= 60) text += fmt::format("{}m", seconds / 60 % 60);
  return text + decimal(ns % 60'000'000'000, 9) + "s";
}

}  // namespace flux
