#pragma once

#include <string>
#include <vector>

#include "cluster/workload.h"
#include "daemon/desired.h"
#include "daemon/listing/images.h"
#include "update/plan.h"

namespace flux::daemon {

struct UpdateFactsOptions {
  bool scanning = true;
  bool never_downgrade = false;           ///< --automation-never-downgrade
  std::vector<std::string> use_labels{};  ///< globs of repositories whose labels tell the creation time
};

/// What updates are planned from: what git wants, what runs, and what is known of images. `known` is asked once for
/// each repository, when a plan wants to know it, and has to outlive the facts. Pure but for that.
[[nodiscard]] update::Facts update_facts(const DesiredView& git, const std::vector<cluster::LiveWorkload>& live,
                                         KnownImages known, const UpdateFactsOptions& options);

}  // namespace flux::daemon
