#pragma once

#include <vector>

#include "base/flags.h"
#include "daemon/options.h"

namespace flux::daemon {

/// Every flag of fluxd, bound to the fields of `options`, which must outlive the table.
[[nodiscard]] std::vector<Flag> flags_of(Options& options);

}  // namespace flux::daemon
