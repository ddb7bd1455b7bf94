#pragma once

#include <string>

#include "api/wire/daemon_status.h"
#include "cli/paint.h"

namespace flux::cli {

/// Where the daemon stands, on one page for people: which revision is live and since when, what is out of step and why,
/// what is queued, what went wrong lately. `now` turns moments into ages. Of the images only those that are not well,
/// unless `all_images`.
[[nodiscard]] std::string status_page(const api::DaemonStatus& status, Timestamp now, const Paint& paint,
                                      bool all_images = false);

/// The resources that are not as git has them, one on each line: id, reason and file. Empty when there is none.
[[nodiscard]] std::string out_of_step_rows(const api::DaemonStatus& status);

}  // namespace flux::cli
