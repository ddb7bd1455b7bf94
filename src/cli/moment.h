#pragma once

#include <string>

#include "base/duration.h"
#include "base/timestamp.h"

namespace flux::cli {

/// `12m`, `3h5m`, `4d`: what somebody would say.
[[nodiscard]] std::string age(Duration duration);

/// `2021-03-09 09:59:15 UTC (45s ago)`.
[[nodiscard]] std::string moment(Timestamp time, Timestamp now);

}  // namespace flux::cli
