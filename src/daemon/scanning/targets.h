#pragma once

#include <functional>
#include <memory>
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

/// What git has now, whose filters say which tags are of interest; may give nullptr. Any thread.
using GitNow = std::function<std::shared_ptr<const sync::DesiredSet>()>;

/// The image repositories that running workloads use, each once, in the order of their canonical names
/// (compat/daemon.md 6.1). Without credentials. Pure but for what the targets ask `git` later.
[[nodiscard]] std::vector<images::Target> scan_targets(const std::vector<cluster::LiveWorkload>& live, GitNow git,
                                                       const ScanScope& scope);

}  // namespace flux::daemon
