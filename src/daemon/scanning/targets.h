#pragma once

#include <string>
#include <vector>

#include "base/log.h"
#include "cluster/workload.h"
#include "images/scanner/scan.h"
#include "sync/plan.h"

namespace flux::daemon {

/// Which images are scanned: --registry-include-image and --registry-exclude-image, globs on canonical names.
struct ScanScope {
  std::vector<std::string> include{};  ///< empty: all
  std::vector<std::string> exclude{};
};

/// The image repositories that running workloads use, each once, in the order of their canonical names; `git`, which
/// may be nullptr, has the filters whose tags are wanted first (compat/daemon.md 6.1). Without credentials. Pure.
[[nodiscard]] std::vector<images::Target> scan_targets(const std::vector<cluster::LiveWorkload>& live,
                                                       const sync::DesiredSet* git, const ScanScope& scope);

}  // namespace flux::daemon
