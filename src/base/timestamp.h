#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace flux {

/// A moment on the calendar. For spans of time inside the process use Clock.
using Timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;

/// RFC 3339 in UTC with up to nanoseconds, trailing zeros removed: `2021-03-09T10:11:12.5Z` (compat/api.md 4.4).
[[nodiscard]] std::string format_timestamp(Timestamp time);

/// RFC 3339 with any offset. Nothing when it is malformed or outside of the years 1678 to 2261; Go's zero time, year 1,
/// is thereby nothing.
[[nodiscard]] std::optional<Timestamp> parse_timestamp(std::string_view text);

}  // namespace flux
