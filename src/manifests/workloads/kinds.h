#pragma once

#include <span>
#include <string_view>

namespace flux::manifests {

/// Whether objects of this kind are workloads, which have containers: `Deployment`, `DaemonSet`, `StatefulSet`,
/// `CronJob` and `HelmRelease`, spelled so, in any API version (compat/manifests-and-releases.md 1.5, 3.1). Jobs,
/// ReplicaSets and Pods are none, because others make and replace them.
[[nodiscard]] bool is_workload(std::string_view kind);

/// The keys that lead from an object of this kind to its pod's spec, which has `containers` and `initContainers`:
/// `spec`, `template`, `spec` for a Deployment. Empty for kinds without one, a HelmRelease among them.
[[nodiscard]] std::span<const std::string_view> pod_spec_path(std::string_view kind);

}  // namespace flux::manifests
