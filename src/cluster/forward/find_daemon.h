#pragma once

#include <string>
#include <string_view>

#include "cluster/forward/access.h"
#include "cluster/port_forward.h"

namespace flux::cluster {

/// The name of the daemon's pod, `current` for as long as that will do. Errors are those of compat/fluxctl.md 5:
/// missing when there is none, user when several would do.
Result<std::string> find_daemon(const Bounded& ctx, Access& access, const DaemonQuery& query, std::string_view current);

}  // namespace flux::cluster
