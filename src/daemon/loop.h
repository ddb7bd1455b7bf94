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
  Duration automation_interval = std::chrono::minutes(5);
};

/// The one thread that plans and changes the cluster: serves refreshed mirrors, changes of the cluster, timers and
/// jobs, one at a time (compat/daemon.md 4.1). The others only pull its triggers.
class Loop {
 public:
  /// Looks for new images for automated workloads, and queues a job if there are some.
  using Automate = std::function<void(const Bounded& ctx)>;

  /// The parts, none owned. `run_job` does the work of one job; `automate` may be empty.
  Loop(SyncOptions sync, LoopOptions options, git::Mirror& mirror, sync::Marker& marker, SyncPass& pass,
       Jobs::Run run_job, Automate automate, SourceState& state);

  /// Until the context is stopped. Once.
  void run(const Context& ctx);

 private:
  void follow_branch(const Context& ctx);
  void sync_if_due(const Context& ctx);
  [[nodiscard]] std::optional<Error> what_is_away(const Context& ctx, bool everything);
  void run_job(const Context& ctx);
  void automate_if_due(const Context& ctx);
  [[nodiscard]] Clock::time_point next() const;

  const SyncOptions sync_;
  const LoopOptions options_;
  git::Mirror& mirror_;
  sync::Marker& marker_;
  SyncPass& pass_;
  const Jobs::Run do_job_;
  const Automate automate_;
  SourceState& state_;

  std::string head_;          // what to hold
  std::string told_of_away_;  // what was not there, as last told
  Schedule schedule_;
  Clock::time_point automation_at_{};          // when to look for new images, at the latest
  Clock::time_point automation_not_before_{};  // so that a scan that finds much is not followed by a run for each
};

}  // namespace flux::daemon
