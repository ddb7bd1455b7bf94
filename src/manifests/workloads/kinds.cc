#include "manifests/workloads/kinds.h"

#include <array>

namespace flux::manifests {

bool is_workload(std::string_view kind) { return kind == "HelmRelease" || !pod_spec_path(kind).empty(); }

std::span<const std::string_view> pod_spec_path(std::string_view kind) {
  static constexpr std::array<std::string_view, 5> kOfCronJob{"spec", "jobTemplate", "spec", "template", "spec"};
  if (kind == "CronJob") return kOfCronJob;
  if (kind == "Deployment" || kind == "DaemonSet" || kind == "StatefulSet") return std::span(kOfCronJob).last<3>();
  return {};
}

}  // namespace flux::manifests
