#include "sync/pacing.h"

#include <algorithm>
#include <utility>

namespace flux::sync {
namespace {

constexpr Duration kFirstRetry = std::chrono::seconds(2);
constexpr Duration kFirstRest = std::chrono::seconds(1);
constexpr Duration kFightWindow = std::chrono::minutes(1);
constexpr int kFreeRounds = 5;

}  // namespace

Duration Pacing::backoff(Duration first, int doublings) const {
  return std::min(longest_, first * (1 << std::clamp(doublings, 0, 20)));
}

void Pacing::failed(const ResourceId& id, Clock::time_point now) {
  auto& pause = failures_[id];
  pause.until = now + backoff(kFirstRetry, pause.count++);
}

Duration Pacing::put_right(const ResourceId& id, Clock::time_point now) {
  auto& fight = fights_[id];
  // Quiet for longer than the last pause and the window: a new story.
  if (fight.count > 0 && now - std::max(fight.last, fight.until) > kFightWindow) fight = {};
  fight.last = now;
  const auto pause =
      ++fight.count <= kFreeRounds ? Duration::zero() : backoff(kFirstRest, fight.count - kFreeRounds - 1);
  fight.until = now + pause;
  return pause;
}

std::set<ResourceId> Pacing::forget() {
  std::set<ResourceId> known;
  for (auto* pauses : {&failures_, &fights_})
    for (auto& [id, pause] : std::exchange(*pauses, {})) known.insert(id);
  return known;
}

std::set<ResourceId> Pacing::resting(Clock::time_point now) const {
  std::set<ResourceId> ids;
  for (const auto* pauses : {&failures_, &fights_})
    for (const auto& [id, pause] : *pauses)
      if (pause.until > now) ids.insert(id);
  return ids;
}

std::optional<Clock::time_point> Pacing::next() const {
  std::optional<Clock::time_point> first;
  for (const auto* pauses : {&failures_, &fights_})
    for (const auto& [id, pause] : *pauses)
      if (pause.until != Clock::time_point{} && (!first || pause.until < *first)) first = pause.until;
  return first;
}

std::set<ResourceId> Pacing::take_due(Clock::time_point now) {
  std::set<ResourceId> due;
  for (auto* pauses : {&failures_, &fights_})
    for (auto& [id, pause] : *pauses) {
      if (pause.until == Clock::time_point{} || pause.until > now) continue;
      pause.until = {};
      due.insert(id);
    }
  return due;
}

}  // namespace flux::sync
