#pragma once

#include "daemon/branch.h"
#include "daemon/jobs.h"
#include "daemon/updates/updater.h"

namespace flux::daemon {

/// The parts of the daemon that jobs work on. None is owned.
struct JobParts {
  git::Mirror& mirror;
  sync::Marker& marker;
  Branch branch;
  Duration git_timeout = std::chrono::seconds(20);  ///< for each step in git
  Updater* updater = nullptr;                       ///< for all but `sync`
};

/// Does the work of one job, on the loop's thread. A `sync` fetches and tells the branch's head, which the loop then
/// syncs to. Where signatures keep the head from being applied it fails, and tells how far a sync may go (compat/api.md
/// 6.4).
[[nodiscard]] JobOutcome run_job(const Bounded& ctx, const JobParts& parts, const std::string& id,
                                 const UpdateSpec& spec);

/// Whether an update can be done at all, before it is queued: the repository may be read-only or not ready.
[[nodiscard]] Result<void> check_update(const UpdateSpec& spec, const git::Mirror& mirror);

}  // namespace flux::daemon
