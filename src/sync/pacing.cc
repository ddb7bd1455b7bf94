#include "sync/pacing.h"

#include <algorithm>
#include <utility>

namespace flux::sync {
namespace {

constexpr Duration kFirstRetry = std::chrono::seconds(2);
constexpr Duration kFirstRest = std::chrono::seconds(1);
constexpr Duration kLongestFight = std::chrono::minutes(20);
constexpr Duration kMemory = std::chrono::minutes(10);  // beyond the last pause; then it is a new story
constexpr int kFreeRounds = 5;

Duration backoff(Duration first, int doublings, Duration longest) {
  return std::min(longest, first * (1 << std::clamp(doublings, 0, 20)));
}

}  // namespace

void Pacing::failed(const ResourceId& id, Clock::time_point now) {
  auto& pause = failures_[id];
  pause.until = now + backoff(kFirstRetry, pause.count++, longest_);
}

Duration Pacing::repeated(Pauses& pauses, const ResourceId& id, Clock::time_point now, Duration longest) {
  auto& story = pauses[id];
  if (story.count > 0 && now - std::max(story.last, story.until) > kMemory) story = {};
  story.last = now;
  const auto pause =
      ++story.count <= kFreeRounds ? Duration::zero() : backoff(kFirstRest, story.count - kFreeRounds - 1, longest);
  story.until = now + pause;
  return pause;
}

Duration Pacing::put_right(const ResourceId& id, Clock::time_point now) {
  return repeated(fights_, id, now, kLongestFight);
}

void Pacing::found_right(const ResourceId& id, Clock::time_point now) { repeated(looks_, id, now, longest_); }

std::set<ResourceId> Pacing::forget_failures() {
  std::set<ResourceId> known;
  for (auto* pauses : {&failures_, &looks_})
    for (auto& [id, pause] : std::exchange(*pauses, {})) known.insert(id);
  return known;
}

std::set<ResourceId> Pacing::forget() {
  auto known = forget_failures();
  for (auto& [id, pause] : std::exchange(fights_, {})) known.insert(id);
  return known;
}

std::set<ResourceId> Pacing::contested(Clock::time_point now) const {
  std::set<ResourceId> ids;
  for (const auto& [id, fight] : fights_)
    if (fight.count > kFreeRounds && now - std::max(fight.last, fight.until) <= kMemory) ids.insert(id);
  return ids;
}

std::set<ResourceId> Pacing::resting(Clock::time_point now) const {
  std::set<ResourceId> ids;
  for (const auto* pauses : {&failures_, &fights_, &looks_})
    for (const auto& [id, pause] : *pauses)
      if (pause.until > now) ids.insert(id);
  return ids;
}

std::optional<Clock::time_point> Pacing::next() const {
  std::optional<Clock::time_point> first;
  for (const auto* pauses : {&failures_, &fights_, &looks_})
    for (const auto& [id, pause] : *pauses)
      if (pause.until != Clock::time_point{} && (!first || pause.until < *first)) first = pause.until;
  return first;
}

std::set<ResourceId> Pacing::take_due(Clock::time_point now) {
  std::set<ResourceId> due;
  for (auto* pauses : {&failures_, &fights_, &looks_})
    for (auto& [id, pause] : *pauses) {
      if (pause.until == Clock::time_point{} || pause.until > now) continue;
      pause.until = {};
      due.insert(id);
    }
  return due;
}

}  // namespace flux::sync
