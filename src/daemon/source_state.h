#pragma once

#include <string>

#include "base/published.h"
#include "daemon/arrivals.h"
#include "daemon/heartbeat.h"
#include "daemon/jobs.h"
#include "daemon/past_errors.h"
#include "daemon/sync_report.h"
#include "daemon/triggers.h"

namespace flux::daemon {

/// Where the threads of one source meet: its loop with the mirror, the watches and those who ask the API. Each part is
/// for any thread, and nobody waits for a sync.
struct SourceState {
  explicit SourceState(metrics::Metrics& metrics) : jobs(metrics, [this] { triggers.job_queued(); }) {}

  Triggers triggers;
  Jobs jobs;
  Published<SyncReport> report;         ///< by the latest sync
  Published<std::string> fetched_head;  ///< the branch's newest commit; empty: not known yet
  PastErrors past_errors;
  Heartbeat heartbeat;
  ArrivalsBook arrivals;
};

}  // namespace flux::daemon
