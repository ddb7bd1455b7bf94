#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace flux {

using Clock = std::chrono::steady_clock;
using Duration = std::chrono::nanoseconds;

/// Go's syntax, as flags and Kubernetes use it: `1h15m`, `1.5s`, `-2ms`, bare `0`. User error otherwise.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text);

/// Go's notation: `5m0s`, `1.5s`, `20ms`, `0s`.
[[nodiscard]] std::string format_duration(Duration duration);

}  // namespace flux
