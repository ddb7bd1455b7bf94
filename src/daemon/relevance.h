#pragma once

#include "cluster/watch_cache.h"

namespace flux::daemon {

/// Whether a change in the cluster can make a sync do something. Status updates and other people's fields cannot: what
/// is ours, who it is and whether it is to be left alone are all that a plan looks at. Pure.
[[nodiscard]] bool matters(const cluster::Change& change);

}  // namespace flux::daemon
