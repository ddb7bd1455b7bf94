#pragma once

#include "base/context.h"
#include "daemon/jobs.h"
#include "daemon/updates/updater.h"

namespace flux::daemon {

/// One automation run (compat/daemon.md 4.4): looks what automated workloads should run, tells of it in the log, and
/// queues one job for all of it, unless there is nothing to do.
void automate(const Bounded& ctx, Updater& updater, Jobs& jobs);

}  // namespace flux::daemon
