#pragma once

#include <string>
#include <vector>

#include "git/log.h"
#include "model/resource_id.h"

namespace flux::daemon {

/// `Sync: 1a2b3c4, shop:deployment/cart`: what one sync brought (compat/daemon.md 4.5). `commits` newest first.
[[nodiscard]] std::string sync_event(const std::vector<git::Commit>& commits, std::vector<ResourceId> changed);

}  // namespace flux::daemon
