#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/context.h"
#include "daemon/branch.h"
#include "daemon/doorbell.h"
#include "daemon/heartbeat.h"
#include "daemon/jobs.h"
#include "daemon/past_errors.h"
#include "daemon/schedule.h"
#include "daemon/sync_pass.h"
#include "git/mirror.h"

namespace flux::daemon {

struct LoopOptions {
  Branch branch;
  std::string shown_url;  ///< for logs, without secrets
  Duration sync_interval = std::chrono::minutes(5);
  Duration git_timeout = std::chrono::seconds(20);
  Duration job_timeout = std::chrono::minutes(1);
  Duration busy_limit = std::chrono::minutes(5);  ///< one sync or job that takes longer is a missed deadline
};

/// The one thread that plans and changes the cluster: serves refreshed mirrors, changes of the cluster, timers and
/// jobs, one at a time (compat/daemon.md 4.1). The others only ring.
class Loop {
 public:
  /// The parts, none owned. `run_job` does the work of one job.
  Loop(LoopOptions options, Doorbell& door, git::Mirror& mirror, sync::Marker& marker, SyncPass& pass, Jobs& jobs,
       Jobs::Run run_job, Heartbeat& heartbeat, PastErrors& past_errors);

  /// Until the context is stopped.
  void run(const Context& ctx);

  /// The newest commit of the branch, as fetched; empty: not known yet. Any thread.
  [[nodiscard]] std::string fetched_head() const;

 private:
  void follow_branch(const Context& ctx);
  void turn(const Context& ctx);
  void work(const Context& ctx);

  const LoopOptions options_;
  Doorbell& door_;
  git::Mirror& mirror_;
  sync::Marker& marker_;
  SyncPass& pass_;
  Jobs& jobs_;
  const Jobs::Run run_job_;
  Heartbeat& heartbeat_;
  PastErrors& past_errors_;

  mutable std::mutex mutex_;  // guards fetched_head_
  std::string fetched_head_;

  std::string head_;  // what to hold
  Schedule schedule_;
};

}  // namespace flux::daemon
