#pragma once

#include "cluster/forward/local_port.h"
#include "cluster/forward/tunnel.h"

namespace flux::cluster {

/// Moves bytes both ways until both ends have finished or either is gone, with a second thread of its own. A failure on
/// the pod's side is an error; the local program going away is none.
Result<void> relay(const Context& ctx, LocalConnection& local, PodStream& pod);

}  // namespace flux::cluster
