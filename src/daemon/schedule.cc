#include "daemon/schedule.h"

#include <algorithm>

namespace flux::daemon {
namespace {

constexpr Duration kFirstRetry = std::chrono::seconds(1);
constexpr Duration kLongestRetry = std::chrono::seconds(30);
constexpr Duration kLookAgain = std::chrono::seconds(10);

}  // namespace

void Schedule::looked(bool found, Clock::time_point now) {
  look_ = found ? std::nullopt : std::optional(now + kLookAgain);
}

void Schedule::new_head(Clock::time_point now) {
  due_ = now;
  failures_ = 0;
}

Schedule::Sync Schedule::sync(Clock::time_point now, bool changed) const {
  if (now >= compare_) return Sync::everything;
  if (changed || (due_ && now >= *due_) || (retry_ && now >= *retry_)) return Sync::changes;
  return Sync::none;
}

void Schedule::synced(const SyncFacts& facts, Clock::time_point now) {
  if (facts.compared_all) compare_ = now + interval_;
  if (!facts.completed) {
    due_ = now + std::min(kLongestRetry, kFirstRetry * (1 << std::min(failures_++, 10)));
    retry_.reset();
    return;
  }
  due_.reset();
  failures_ = 0;
  retry_ = facts.retry;
  if (!facts.deletions_wait) {
    deletions_pause_ = {};
    return;
  }
  deletions_pause_ = std::min(interval_, std::max(kFirstRetry, 2 * deletions_pause_));
  retry_ = std::min(retry_.value_or(Clock::time_point::max()), now + deletions_pause_);
}

Clock::time_point Schedule::next() const {
  auto next = compare_;
  for (const auto& each : {look_, due_, retry_})
    if (each) next = std::min(next, *each);
  return next;
}

}  // namespace flux::daemon
