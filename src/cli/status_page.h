#pragma once

#include <string>

#include "api/wire/daemon_status.h"
#include "cli/paint.h"

namespace flux::cli {

/// Where the daemon stands, on one page for people: which revision is live and since when, what is out of step and why,
/// what is queued, what went wrong lately. `now` turns moments into ages.
[[nodiscard]] std::string status_page(const api::DaemonStatus& status, Timestamp now, const Paint& paint);

}  // namespace flux::cli
