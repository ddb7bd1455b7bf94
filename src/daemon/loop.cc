#include "daemon/loop.h"

#include <algorithm>

namespace flux::daemon {

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
      past_errors_(past_errors),
      schedule_(options_.sync_interval, Clock::now()) {}

void Loop::run(const Context& ctx) {
  while (!ctx.stopped()) {
    door_.bell_.wait(ctx, std::max(Duration::zero(), schedule_.next() - Clock::now()));
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

void Loop::turn(const Context& ctx) {
  const auto busy = heartbeat_.busy(options_.busy_limit);
  const bool refreshed = door_.refreshed_.exchange(false);
  if (refreshed || schedule_.look(Clock::now())) follow_branch(ctx);
  if (head_.empty()) return schedule_.nothing_to_sync(Clock::now());

  const bool changed = door_.changed_.exchange(false);
  const auto what = schedule_.sync(Clock::now(), changed);
  if (what == Schedule::Sync::none) return;
  const bool everything = what == Schedule::Sync::everything;
  const auto done = pass_.run(ctx, head_, everything);
  if (ctx.stopped()) return;
  auto facts = done ? pass_.facts() : SyncFacts{};
  facts.compared_all = everything;
  schedule_.synced(facts, Clock::now());
  if (done) return;
  ctx.log({{"err", done.error()}});
  past_errors_.note("sync of " + head_ + ": " + done.error().message);
}

void Loop::follow_branch(const Context& ctx) {
  const auto found = find_head(ctx.with_timeout(options_.git_timeout), options_.branch, mirror_, marker_);
  schedule_.looked(found.has_value(), Clock::now());
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
  schedule_.new_head(Clock::now());
}

}  // namespace flux::daemon
