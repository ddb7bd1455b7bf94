#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/duration.h"
#include "daemon/branch.h"
#include "daemon/guarded_files.h"
#include "sync/plan.h"

namespace flux::daemon {

/// How one repository is synced.
struct SyncOptions {
  Branch branch;
  std::string set_name;  ///< sync::sync_set_name()
  std::vector<std::string> git_paths;
  std::set<std::string> allowed_namespaces;
  std::string default_namespace;
  sync::CollectOptions collect;
  bool keep_additions = false;  ///< as PlanFacts::keep_additions
  MissingFeatures missing;
  Duration sync_timeout = std::chrono::minutes(1);  ///< for changing the cluster, and for a job
  Duration git_timeout = std::chrono::seconds(20);  ///< for each step in git
  Duration sync_interval = std::chrono::minutes(5);
};

}  // namespace flux::daemon
