#pragma once

#include <vector>

#include "base/json_fwd.h"
#include "manifests/workloads/container.h"

namespace flux::manifests {

/// The containers of a pod's spec: all `containers`, then all `initContainers`, in the order in which they are written
/// (compat/manifests-and-releases.md 3.1); ephemeral ones do not count. One whose image is missing or does not parse is
/// there all the same. Scalars that are no text count as their text, and what is no mapping is passed over: it is for
/// the API server to refuse.
[[nodiscard]] std::vector<Container> pod_containers(const SortedJson& pod_spec);

}  // namespace flux::manifests
