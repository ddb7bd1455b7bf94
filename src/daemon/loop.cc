#include "daemon/loop.h"

#include <algorithm>

namespace flux::daemon {
namespace {

constexpr Duration kFirstRetry = std::chrono::seconds(1);
constexpr Duration kLongestRetry = std::chrono::seconds(30);
constexpr Duration kLookAgain = std::chrono::seconds(10);

Duration retry_pause(int failures) { return std::min(kLongestRetry, kFirstRetry * (1 << std::clamp(failures, 0, 10))); }

}  // namespace

Loop::Loop(LoopOptions options, git::Mirror& mirror, sync::Marker& marker, SyncPass& pass, Heartbeat& heartbeat)
    : options_(std::move(options)), mirror_(mirror), marker_(marker), pass_(pass), heartbeat_(heartbeat) {}

void Loop::ring(std::atomic<bool>& what) {
  what = true;
  bell_.ring();
}

void Loop::run(const Context& ctx) {
  compare_ = Clock::now() + options_.sync_interval;
  while (!ctx.stopped()) {
    bell_.wait(ctx, until_next());
    if (ctx.stopped()) break;
    const auto busy = heartbeat_.busy(options_.busy_limit);
    turn(ctx);
  }
  ctx.log({{"stopping", true}});
}

Duration Loop::until_next() const {
  auto next = std::min(compare_, look_);
  if (due_) next = std::min(next, retry_);
  if (const auto retry = pass_.next_retry()) next = std::min(next, *retry);
  return std::max(Duration::zero(), next - Clock::now());
}

void Loop::turn(const Context& ctx) {
  if (refreshed_.exchange(false) || Clock::now() >= look_) follow_branch(ctx);
  if (head_.empty()) {
    compare_ = Clock::now() + options_.sync_interval;
    return;
  }
  const auto now = Clock::now();
  const bool compare_all = now >= compare_;
  const auto retry = pass_.next_retry();
  const bool changed = changed_.exchange(false);
  if (!compare_all && !changed && !(due_ && now >= retry_) && !(retry && now >= *retry)) return;

  if (auto done = pass_.run(ctx, head_, compare_all); !done) {
    if (ctx.stopped()) return;
    due_ = true;
    retry_ = Clock::now() + retry_pause(failures_++);
    ctx.log({{"err", done.error()}});
  } else {
    due_ = false;
    failures_ = 0;
  }
  if (compare_all) compare_ = Clock::now() + options_.sync_interval;
}

void Loop::follow_branch(const Context& ctx) {
  auto head = find_head(ctx.with_timeout(options_.git_timeout));
  look_ = head ? Clock::time_point::max() : Clock::now() + kLookAgain;
  if (!head) {
    ctx.log({{"url", options_.shown_url}, {"err", head.error()}});
    return;
  }
  ctx.log({{"event", "refreshed"}, {"url", options_.shown_url}, {"branch", options_.branch}, {"HEAD", *head}});
  if (head->empty() || *head == head_) return;
  ctx.log({{"info", "trying to sync git changes to the cluster"}, {"old", head_}, {"new", *head}});
  head_ = *head;
  due_ = true;
  failures_ = 0;
  retry_ = Clock::now();
}

Result<std::string> Loop::find_head(const Context& ctx) {
  const auto repository = mirror_.repository();
  if (!repository) return Failure(repository.error());
  auto head = git::branch_head(ctx, **repository, options_.branch);
  if (!head || options_.verify == git::VerifyMode::none) return head;
  const auto marker = marker_.read(ctx);
  if (!marker) return Failure(marker.error());
  auto valid = git::latest_valid(ctx, **repository, *head, *marker, options_.verify);
  if (!valid) return Failure(valid.error());
  if (valid->invalid)
    ctx.log({{"err", "found invalid GPG signature for commit"},
             {"revision", valid->invalid->revision},
             {"key", valid->invalid->signer}});
  return valid->revision;
}

}  // namespace flux::daemon
