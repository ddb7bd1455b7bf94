#pragma once

#include <vector>

#include "manifests/workloads/container.h"
#include "model/manifest.h"

namespace flux::manifests {

/// The containers of a workload, in the order of pod_containers() or helm_images(); none for what is_workload() does
/// not count, and nothing is read then. The one place that knows where images are in a manifest.
///
/// Worked out from the manifest's JSON each time: kept, they would cost every repository memory, and few manifests are
/// asked at a time. Pure.
[[nodiscard]] std::vector<Container> containers_of(const Manifest& manifest);

}  // namespace flux::manifests
