#pragma once

#include "cluster/watch_cache.h"

namespace flux::daemon {

/// Whether a change in the cluster can make a sync do something. Status updates cannot, where the type counts a
/// generation. Pure.
[[nodiscard]] bool matters(const cluster::Change& change);

/// Whether a workload may use other images, or have other filters for them, than before. Pure.
[[nodiscard]] bool changes_images(const cluster::Change& change);

}  // namespace flux::daemon
