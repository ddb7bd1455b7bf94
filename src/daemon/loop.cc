#include "daemon/loop.h"

#include <algorithm>
#include <utility>

namespace flux::daemon {
namespace {

constexpr Duration kBetweenAutomation = std::chrono::seconds(1);

}  // namespace

Loop::Loop(SyncOptions sync, LoopOptions options, git::Mirror& mirror, sync::Marker& marker, SyncPass& pass,
           Jobs::Run run_job, Automate automate, SourceState& state)
    : sync_(std::move(sync)),
      options_(std::move(options)),
      mirror_(mirror),
      marker_(marker),
      pass_(pass),
      do_job_(std::move(run_job)),
      automate_(std::move(automate)),
      state_(state),
      schedule_(sync_.sync_interval, Clock::now()) {}

void Loop::run(const Context& ctx) {
  while (!ctx.stopped()) {
    state_.triggers.bell_.wait(ctx, std::max(Duration::zero(), next() - Clock::now()));
    if (ctx.stopped()) break;
    sync_if_due(ctx);
    if (!ctx.stopped()) run_job(ctx);
    if (!ctx.stopped()) automate_if_due(ctx);
  }
  ctx.log({{"stopping", true}});
}

Clock::time_point Loop::next() const {
  if (!automate_ || head_.empty()) return schedule_.next();
  const bool wanted = state_.triggers.automation_;
  return std::min(schedule_.next(), wanted ? automation_not_before_ : automation_at_);
}

void Loop::automate_if_due(const Context& ctx) {
  if (!automate_ || head_.empty() || Clock::now() < automation_not_before_) return;
  const bool due = Clock::now() >= automation_at_;
  if (!state_.triggers.automation_.exchange(false) && !due) return;
  const auto busy = state_.heartbeat.busy(options_.busy_limit);
  automate_(ctx.with_timeout(sync_.sync_timeout));
  automation_not_before_ = Clock::now() + kBetweenAutomation;
  automation_at_ = Clock::now() + options_.automation_interval;
}

/// One job at a time, so that a commit that comes meanwhile does not wait for all of them.
void Loop::run_job(const Context& ctx) {
  const auto busy = state_.heartbeat.busy(options_.busy_limit);
  if (state_.jobs.run_next(ctx, sync_.sync_timeout, do_job_)) state_.triggers.job_queued();
}

void Loop::sync_if_due(const Context& ctx) {
  const auto busy = state_.heartbeat.busy(options_.busy_limit);
  const bool refreshed = state_.triggers.refreshed_.exchange(false);
  if (refreshed || schedule_.look(Clock::now())) follow_branch(ctx);
  if (head_.empty()) return schedule_.nothing_to_sync(Clock::now());

  const bool restored = state_.triggers.restored_.exchange(false);
  if (restored) pass_.forget_cluster();
  const bool changed = state_.triggers.changed_.exchange(false) || restored;
  const auto what = schedule_.sync(Clock::now(), changed);
  if (what == Schedule::Sync::none) return;
  const bool everything = what == Schedule::Sync::everything;
  const auto away = what_is_away(ctx, everything);
  const auto done = pass_.run(ctx, head_, everything, away);
  if (ctx.stopped()) return;
  state_.arrivals.synced(done ? away : std::optional(done.error()));
  auto facts = done && !away ? pass_.facts() : SyncFacts{};
  facts.compared_all = everything;
  schedule_.synced(facts, Clock::now());
  if (done) return;
  ctx.log({{"err", done.error()}});
  state_.past_errors.note("sync of " + head_ + ": " + done.error().message);
}

/// What a sync does not find out by itself where there is nothing to do. The mirror tells of itself.
std::optional<Error> Loop::what_is_away(const Context& ctx, bool everything) {
  const auto mirror = mirror_.status();
  if (!mirror.healthy()) {
    auto error = mirror.not_ready();
    error.kind = ErrorKind::server;
    return error;
  }
  if (const auto branch = state_.arrivals.now().branch) return branch->error;
  if (!options_.cluster_away || (!everything && told_of_away_.empty())) return std::nullopt;
  auto away = options_.cluster_away();
  const auto message = away ? away->message : std::string();
  if (std::exchange(told_of_away_, message) == message) return away;
  if (!away) {
    ctx.log({{"info", "the cluster is there again"}});
    return away;
  }
  ctx.log({{"warning", "the cluster is not there, so this sync does not count as good"}, {"err", *away}});
  state_.past_errors.note(message);
  return away;
}

void Loop::follow_branch(const Context& ctx) {
  const auto found = find_head(ctx.with_timeout(sync_.git_timeout), sync_.branch, mirror_, marker_);
  schedule_.looked(found.has_value(), Clock::now());
  state_.arrivals.looked(found ? std::nullopt : std::optional(found.error()));
  if (!found) {
    ctx.log({{"url", options_.shown_url}, {"err", found.error()}});
    state_.past_errors.note("looking for the head of " + sync_.branch.name + ": " + found.error().message);
    return;
  }
  state_.fetched_head.publish(found->head);
  if (found->invalid)
    ctx.log({{"err", "found invalid GPG signature for commit"},
             {"revision", found->invalid->revision},
             {"key", found->invalid->signer}});
  const auto& head = found->valid;
  ctx.log({{"event", "refreshed"}, {"url", options_.shown_url}, {"branch", sync_.branch.name}, {"HEAD", head}});
  if (head.empty())
    state_.arrivals.synced(Error{ErrorKind::user, "no commit of " + sync_.branch.name + " has a valid signature",
                                 "Nothing is applied before one has; see --git-verify-signatures-mode."});
  if (head.empty() || head == head_) return;
  ctx.log({{"info", "trying to sync git changes to the cluster"}, {"old", head_}, {"new", head}});
  head_ = head;
  schedule_.new_head(Clock::now());
}

}  // namespace flux::daemon
