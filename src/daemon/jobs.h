#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/wire/daemon_status.h"
#include "api/wire/job_status.h"
#include "base/context.h"
#include "base/duration.h"
#include "base/guarded.h"
#include "base/result.h"
#include "metrics/metrics.h"
#include "model/update_spec.h"

namespace flux::daemon {

/// What came of a job: its result, which a failed one may have too, and the error when it failed.
struct JobOutcome {
  api::JobResult result;
  std::optional<Error> error;
};

/// Jobs in the order of their arrival, and what became of them (compat/api.md 6.4, daemon.md 4.2). Any thread may put
/// jobs in and ask; one thread, the loop's, runs them.
///
/// A job has one entry from the moment it is queued. Of the jobs that have ended the oldest are forgotten once there
/// are more than kRemembered entries; the git notes know the rest.
class Jobs {
 public:
  static constexpr std::size_t kRemembered = 100;
  static constexpr std::size_t kMostWaiting = 1000;

  /// `on_queued` rings whoever runs jobs; called on the thread that queues, without locks.
  Jobs(metrics::Metrics& metrics, std::function<void()> on_queued);

  /// Returns the job's id. Server error when kMostWaiting are waiting already.
  Result<std::string> enqueue(UpdateSpec spec);

  /// What came of a job that did not wait: a plan.
  void add_ended(const std::string& id, JobOutcome outcome);

  using Run = std::function<JobOutcome(const Bounded& ctx, const std::string& id, const UpdateSpec& spec)>;
  /// Runs the job that has waited longest, within `timeout`. False when none was waiting.
  bool run_next(const Context& ctx, Duration timeout, const Run& run);

  /// Nothing when the id is not known, or not any more.
  [[nodiscard]] std::optional<api::JobStatus> status(const std::string& id) const;

  struct Overview {
    std::vector<api::JobSummary> queued;  ///< in the order in which they will run
    std::optional<api::JobSummary> running;
  };
  [[nodiscard]] Overview overview() const;

 private:
  struct Waiting {
    std::string id;
    UpdateSpec spec;
    Clock::time_point since;
  };

  std::optional<Waiting> take();
  void settle(const Waiting& job, api::JobStatus status);
  void forget_oldest() REQUIRES(mutex_);

  metrics::Metrics& metrics_;
  const std::function<void()> on_queued_;
  mutable Mutex mutex_;
  std::deque<Waiting> queue_ GUARDED_BY(mutex_);
  std::optional<api::JobSummary> running_ GUARDED_BY(mutex_);
  std::map<std::string, api::JobStatus> statuses_ GUARDED_BY(mutex_);
  std::deque<std::string> order_ GUARDED_BY(mutex_);  // ids of statuses_, oldest first
};

/// 16 random bytes in hexadecimal, grouped 8-4-4-4-12.
[[nodiscard]] Result<std::string> new_job_id();

}  // namespace flux::daemon
