#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/context.h"
#include "daemon/branch.h"
#include "daemon/jobs.h"
#include "daemon/schedule.h"
#include "daemon/source_state.h"
#include "daemon/sync_options.h"
#include "daemon/sync_pass.h"
#include "git/mirror.h"

namespace flux::daemon {

/// What the loop needs to know besides the SyncOptions.
struct LoopOptions {
  std::string shown_url;                          ///< for logs, without secrets
  Duration busy_limit = std::chrono::minutes(5);  ///< one sync or job that takes longer is a missed deadline
  /// Why the cluster is not there, for a comparison that would need nothing of it; bounds itself. Empty: never asked.
  std::function<std::optional<Error>()> cluster_away{};
};

/// The one thread that plans and changes the cluster: serves refreshed mirrors, changes of the cluster, timers and
/// jobs, one at a time (compat/daemon.md 4.1). The others only pull its triggers.
class Loop {
 public:
  /// The parts, none owned. `run_job` does the work of one job.
  Loop(SyncOptions sync, LoopOptions options, git::Mirror& mirror, sync::Marker& marker, SyncPass& pass,
       Jobs::Run run_job, SourceState& state);

  /// Until the context is stopped. Once.
  void run(const Context& ctx);

 private:
  void follow_branch(const Context& ctx);
  void sync_if_due(const Context& ctx);
  [[nodiscard]] std::optional<Error> what_is_away(const Context& ctx, bool everything);
  void run_job(const Context& ctx);

  const SyncOptions sync_;
  const LoopOptions options_;
  git::Mirror& mirror_;
  sync::Marker& marker_;
  SyncPass& pass_;
  const Jobs::Run do_job_;
  SourceState& state_;

  std::string head_;          // what to hold
  std::string told_of_away_;  // what was not there, as last told
  Schedule schedule_;
};

}  // namespace flux::daemon
