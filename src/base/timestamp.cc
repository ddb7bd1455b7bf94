#include "base/timestamp.h"

#include <fmt/format.h>

#include <charconv>

namespace flux {
namespace {

using namespace std::chrono;

/// Takes exactly `digits` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  int number = 0;
  if (text.size() < digits || text.front() < '0' || text.front() > '9') return std::nullopt;
  const auto front = text.substr(0, digits);
  const auto [end, error] = std::from_chars(front.data(), front.data() + front.size(), number);
  if (error != std::errc() || end != front.data() + front.size()) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

/// `2021-03-09`, `10:11:12` and the like: three numbers with `separator` between.
struct Triple {
  int first = 0;
  int second = 0;
  int third = 0;
};
std::optional<Triple> take_triple(std::string_view& text, std::size_t first_digits, char separator) {
  const auto first = take_number(text, first_digits);
  if (!first || !take(text, separator)) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second || !take(text, separator)) return std::nullopt;
  const auto third = take_number(text, 2);
  if (!third) return std::nullopt;
  return Triple{*first, *second, *third};
}

std::optional<nanoseconds> take_fraction(std::string_view& text) {
  nanoseconds fraction{0};
  if (!take(text, '.')) return fraction;
  std::size_t digits = 0;
  for (auto unit = 100'000'000; !text.empty() && text.front() >= '0' && text.front() <= '9'; unit /= 10, ++digits) {
    fraction += nanoseconds((text.front() - '0') * unit);
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  return fraction;
}

std::optional<minutes> take_offset(std::string_view& text) {
  if (take(text, 'Z')) return minutes(0);
  const bool behind = text.starts_with('-');
  if (!behind && !text.starts_with('+')) return std::nullopt;
  text.remove_prefix(1);
  const auto hour = take_number(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *hour > 23 || *minute > 59) return std::nullopt;
  const auto offset = hours(*hour) + minutes(*minute);
  return behind ? -offset : offset;
}

}  // namespace

std::string format_timestamp(Timestamp time) {
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  auto fraction = fmt::format(".{:09}", clock.subseconds().count());
  fraction.erase(fraction.find_last_not_of('0') + 1);
  if (fraction == ".") fraction.clear();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), fraction);
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  const auto date = take_triple(text, 4, '-');
  if (!date || !take(text, 'T')) return std::nullopt;
  const auto clock = take_triple(text, 2, ':');
  if (!clock || clock->first > 23 || clock->second > 59 || clock->third > 59) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  const year_month_day day(year(date->first), month(static_cast<unsigned>(date->second)),
                           std::chrono::day(static_cast<unsigned>(date->third)));
  // Nanoseconds in 64 bits reach from September 1677 to April 2262.
  if (!day.ok() || date->first < 1678 || date->first > 2261) return std::nullopt;
  return Timestamp(sys_days(day)) + hours(clock->first) + minutes(clock->second) + seconds(clock->third) + *fraction -
         *offset;
}

}  // namespace flux
