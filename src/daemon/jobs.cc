#include "daemon/jobs.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <utility>

namespace flux::daemon {
namespace {

api::JobSummary summary_of(const std::string& id, const UpdateSpec& spec) {
  return {id, std::string(spec.type()), spec.cause.user, spec.cause.message};
}

bool has_ended(const api::JobStatus& status) {
  return status.state == api::JobState::failed || status.state == api::JobState::succeeded;
}

api::JobStatus ended(JobOutcome outcome) {
  api::JobStatus status;
  status.state = outcome.error ? api::JobState::failed : api::JobState::succeeded;
  if (outcome.error) status.error = std::move(outcome.error->message);
  status.result = std::move(outcome.result);
  return status;
}

}  // namespace

Result<std::string> new_job_id() {
  std::array<unsigned char, 16> bytes{};
  // Up to 256 bytes come whole or not at all.
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    return fail(ErrorKind::server, "the system has no random bytes for a job id");
  std::string id;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) id += '-';
    id += fmt::format("{:02x}", bytes[i]);
  }
  return id;
}

Jobs::Jobs(metrics::Metrics& metrics, std::function<void()> on_queued)
    : metrics_(metrics), on_queued_(std::move(on_queued)) {}

Result<std::string> Jobs::enqueue(UpdateSpec spec) {
  auto id = new_job_id();
  if (!id) return id;
  {
    const MutexLock lock(mutex_);
    if (queue_.size() >= kMostWaiting)
      return fail(ErrorKind::server, fmt::format("{} jobs are waiting already", queue_.size()),
                  "fluxd runs one job at a time. Try again in a while; its log says what it is doing.");
    statuses_[*id].state = api::JobState::queued;
    order_.push_back(*id);
    queue_.push_back({*id, std::move(spec), Clock::now()});
    forget_oldest();
    metrics_.queue_length.set(static_cast<double>(queue_.size()));
  }
  on_queued_();
  return id;
}

void Jobs::add_ended(const std::string& id, JobOutcome outcome) {
  const MutexLock lock(mutex_);
  statuses_[id] = ended(std::move(outcome));
  order_.push_back(id);
  forget_oldest();
}

bool Jobs::run_next(const Context& ctx, Duration timeout, const Run& run) {
  const auto job = take();
  if (!job) return false;
  const auto started = Clock::now();
  metrics_.queue_duration.observe(started - job->since);
  ctx.log({{"jobID", job->id}, {"type", job->spec.type()}, {"state", "in-progress"}});
  auto outcome = run(ctx.with_timeout(timeout).with_log(ctx.log.with({{"jobID", job->id}})), job->id, job->spec);
  const bool success = !outcome.error;
  metrics_.job_duration.observe(Clock::now() - started, success);
  if (success)
    ctx.log({{"jobID", job->id}, {"state", "done"}, {"success", true}});
  else
    ctx.log({{"jobID", job->id}, {"state", "done"}, {"success", false}, {"err", *outcome.error}});
  settle(*job, ended(std::move(outcome)));
  return true;
}

std::optional<Jobs::Waiting> Jobs::take() {
  const MutexLock lock(mutex_);
  if (queue_.empty()) return std::nullopt;
  auto job = std::move(queue_.front());
  queue_.pop_front();
  running_ = summary_of(job.id, job.spec);
  statuses_[job.id].state = api::JobState::running;
  metrics_.queue_length.set(static_cast<double>(queue_.size()));
  return job;
}

void Jobs::settle(const Waiting& job, api::JobStatus status) {
  const MutexLock lock(mutex_);
  running_.reset();
  statuses_[job.id] = std::move(status);
  forget_oldest();
}

void Jobs::forget_oldest() {
  while (order_.size() > kRemembered) {
    // What has not ended must be found by those who wait for it, however many there are.
    const auto oldest =
        std::ranges::find_if(order_, [&](const auto& id) REQUIRES(mutex_) { return has_ended(statuses_.at(id)); });
    if (oldest == order_.end()) return;
    statuses_.erase(*oldest);
    order_.erase(oldest);
  }
}

std::optional<api::JobStatus> Jobs::status(const std::string& id) const {
  const MutexLock lock(mutex_);
  const auto at = statuses_.find(id);
  if (at == statuses_.end()) return std::nullopt;
  return at->second;
}

Jobs::Overview Jobs::overview() const {
  const MutexLock lock(mutex_);
  Overview all;
  for (const auto& job : queue_) all.queued.push_back(summary_of(job.id, job.spec));
  all.running = running_;
  return all;
}

}  // namespace flux::daemon
