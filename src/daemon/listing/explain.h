#pragma once

#include "api/wire/explanation.h"
#include "daemon/listing/images.h"

namespace flux::daemon {

/// Which image each container of a workload should run, and for every other tag why not. Pure but for `known`.
[[nodiscard]] api::Explanation explain(const cluster::LiveWorkload& workload, const GitFacts& git,
                                       const KnownImages& known, const ImageListOptions& options);

}  // namespace flux::daemon
