#include "daemon/loop.h"

#include <algorithm>

namespace flux::daemon {
namespace {

constexpr Duration kFirstRetry = std::chrono::seconds(1);
constexpr Duration kLongestRetry = std::chrono::seconds(30);
constexpr Duration kLookAgain = std::chrono::seconds(10);

Duration retry_pause(int failures) { return std::min(kLongestRetry, kFirstRetry * (1 << std::clamp(failures, 0, 10))); }

}  // namespace

Loop::Loop(LoopOptions options, Doorbell& door, git::Mirror& mirror, sync::Marker& marker, SyncPass& pass, Jobs& jobs,
           Jobs::Run run_job, Heartbeat& heartbeat, PastErrors& past_errors)
    : options_(std::move(options)),
      door_(door),
      mirror_(mirror),
      marker_(marker),
      pass_(pass),
      jobs_(jobs),
      run_job_(std::move(run_job)),
      heartbeat_(heartbeat),
      past_errors_(past_errors) {}

void Loop::run(const Context& ctx) {
  compare_ = Clock::now() + options_.sync_interval;
  while (!ctx.stopped()) {
    door_.bell_.wait(ctx, until_next());
    if (ctx.stopped()) break;
    turn(ctx);
    if (!ctx.stopped()) work(ctx);
  }
  ctx.log({{"stopping", true}});
}

/// One job at a time, so that a commit that comes meanwhile does not wait for all of them.
void Loop::work(const Context& ctx) {
  const auto busy = heartbeat_.busy(options_.busy_limit);
  if (jobs_.run_next(ctx, options_.job_timeout, run_job_)) door_.bell_.ring();
}

std::string Loop::fetched_head() const {
  const std::lock_guard lock(mutex_);
  return fetched_head_;
}

Duration Loop::until_next() const {
  auto next = std::min(compare_, look_);
  if (due_) next = std::min(next, retry_);
  if (const auto retry = pass_.next_retry()) next = std::min(next, *retry);
  return std::max(Duration::zero(), next - Clock::now());
}

void Loop::turn(const Context& ctx) {
  const auto busy = heartbeat_.busy(options_.busy_limit);
  if (door_.refreshed_.exchange(false) || Clock::now() >= look_) follow_branch(ctx);
  if (head_.empty()) {
    compare_ = Clock::now() + options_.sync_interval;
    return;
  }
  const auto now = Clock::now();
  const bool compare_all = now >= compare_;
  const auto retry = pass_.next_retry();
  const bool changed = door_.changed_.exchange(false);
  if (!compare_all && !changed && !(due_ && now >= retry_) && !(retry && now >= *retry)) return;

  if (auto done = pass_.run(ctx, head_, compare_all); !done) {
    if (ctx.stopped()) return;
    due_ = true;
    retry_ = Clock::now() + retry_pause(failures_++);
    ctx.log({{"err", done.error()}});
    past_errors_.note("sync of " + head_ + ": " + done.error().message);
  } else {
    due_ = false;
    failures_ = 0;
  }
  if (compare_all) compare_ = Clock::now() + options_.sync_interval;
}

void Loop::follow_branch(const Context& ctx) {
  const auto found = find_head(ctx.with_timeout(options_.git_timeout), options_.branch, mirror_, marker_);
  look_ = found ? Clock::time_point::max() : Clock::now() + kLookAgain;
  if (!found) {
    ctx.log({{"url", options_.shown_url}, {"err", found.error()}});
    past_errors_.note("looking for the head of " + options_.branch.name + ": " + found.error().message);
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    fetched_head_ = found->head;
  }
  if (found->invalid)
    ctx.log({{"err", "found invalid GPG signature for commit"},
             {"revision", found->invalid->revision},
             {"key", found->invalid->signer}});
  const auto& head = found->valid;
  ctx.log({{"event", "refreshed"}, {"url", options_.shown_url}, {"branch", options_.branch.name}, {"HEAD", head}});
  if (head.empty() || head == head_) return;
  ctx.log({{"info", "trying to sync git changes to the cluster"}, {"old", head_}, {"new", head}});
  head_ = head;
  due_ = true;
  failures_ = 0;
  retry_ = Clock::now();
}

}  // namespace flux::daemon
