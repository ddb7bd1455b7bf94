#include "images/scanner/scan_plan.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "images/registry/manifest.h"

namespace flux::images {
namespace {

Timestamp moved(Timestamp now, Duration refresh, double chance) {
  const auto spread = std::chrono::duration_cast<Duration>(refresh * (chance / 10));
  return now + std::chrono::duration_cast<std::chrono::nanoseconds>(refresh + spread);
}

/// Texts compare with their numbers as numbers, so that 1.10 comes after 1.9. Good enough to guess what is newest.
bool natural_less(const std::string& a, const std::string& b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const auto begin_a = a.find_first_not_of('0', i);
      const auto begin_b = b.find_first_not_of('0', j);
      i = std::min(begin_a, a.size());
      j = std::min(begin_b, b.size());
      const auto end_a = std::min(a.find_first_not_of("0123456789", i), a.size());
      const auto end_b = std::min(b.find_first_not_of("0123456789", j), b.size());
      if (end_a - i != end_b - j) return end_a - i < end_b - j;
      if (const auto order = a.compare(i, end_a - i, b, j, end_b - j); order != 0) return order < 0;
      i = end_a;
      j = end_b;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i;
      ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

Interest interest_in(const std::string& tag, const TagInterest& interest) {
  return interest ? interest(tag) : Interest::none;
}

}  // namespace

bool take_tags(Record& record, std::vector<std::string> tags, Timestamp now) {
  auto& repository = record.repository;
  const std::set<std::string> before(repository.tags.begin(), repository.tags.end());
  const std::set<std::string> listed(tags.begin(), tags.end());
  const auto gone = [&](const auto& entry) { return !listed.contains(entry.first); };
  std::erase_if(repository.images, gone);
  std::erase_if(repository.excluded, gone);
  std::erase_if(record.states, gone);
  for (const auto& tag : listed)
    if (auto reason = not_an_image_by_name(tag)) repository.excluded.insert_or_assign(tag, std::move(*reason));
  repository.tags = std::move(tags);
  repository.last_update = now;
  return std::ranges::any_of(listed, [&](const auto& tag) { return !before.contains(tag); });
}

std::vector<TagWork> add_named(Record& record, const std::vector<std::string>& named) {
  auto& tags = record.repository.tags;
  std::vector<TagWork> work;
  for (const auto& tag : named) {
    if (not_an_image_by_name(tag)) continue;
    const bool listed = std::ranges::find(tags, tag) != tags.end();
    const auto state = record.states.find(tag);
    if (!listed) tags.push_back(tag);
    const bool known = state != record.states.end() && !state->second.digest.empty();
    work.push_back({.tag = tag, .known = known, .added = !listed});
  }
  return work;
}

void drop_unfounded(Record& record, const std::vector<TagWork>& work) {
  auto& repository = record.repository;
  for (const auto& one : work) {
    if (!one.added || repository.images.contains(one.tag) || repository.excluded.contains(one.tag)) continue;
    std::erase(repository.tags, one.tag);
    record.states.erase(one.tag);
  }
}

std::vector<TagWork> due_tags(const Record& record, Timestamp now, const TagInterest& interest) {
  struct Due {
    TagWork work;
    bool wanted;
  };
  std::vector<Due> due;
  for (const auto& tag : record.repository.tags) {
    if (not_an_image_by_name(tag)) continue;
    const auto state = record.states.find(tag);
    if (state != record.states.end() && state->second.due > now) continue;
    const bool known = state != record.states.end() && !state->second.digest.empty();
    const auto of_it = interest_in(tag, interest);
    const bool awaited = of_it == Interest::awaited && state == record.states.end();
    due.push_back({{.tag = tag, .known = known, .awaited = awaited}, of_it != Interest::none});
  }
  // What nobody knows yet goes before what may have changed.
  std::ranges::sort(due, [](const Due& a, const Due& b) {
    if (a.work.awaited != b.work.awaited) return a.work.awaited;
    if (a.wanted != b.wanted) return a.wanted;
    if (a.work.known != b.work.known) return !a.work.known;
    return natural_less(b.work.tag, a.work.tag);
  });
  std::vector<TagWork> work;
  work.reserve(due.size());
  for (auto& one : due) work.push_back(std::move(one.work));
  return work;
}

std::optional<NextDue> next_due(const Record& record, Timestamp now, const TagInterest& interest) {
  std::optional<NextDue> next;
  for (const auto& tag : record.repository.tags) {
    if (not_an_image_by_name(tag)) continue;
    const auto state = record.states.find(tag);
    const bool asked = state != record.states.end();
    const auto due = asked ? std::max(state->second.due, now) : now;
    if (!next || due < next->at) next = NextDue{due};
    if (!asked && !next->awaited) next->awaited = interest_in(tag, interest) == Interest::awaited;
  }
  return next;
}

void schedule(TagState& state, bool changed, bool excluded, Timestamp now, double chance, const RefreshTimes& times) {
  const bool first = state.refresh == Duration::zero();
  auto refresh = first ? times.first : changed ? state.refresh / 2 : state.refresh * 2;
  if (excluded) refresh = times.excluded;
  state.refresh = std::clamp(refresh, times.least, times.most);
  state.due = moved(now, state.refresh, chance);
  state.error.clear();
}

void schedule_failure(TagState& state, Timestamp now, double chance, const RefreshTimes& times) {
  const auto refresh = state.error.empty() ? times.least : state.refresh * 2;
  state.refresh = std::clamp(refresh, times.least, times.most);
  state.due = moved(now, state.refresh, chance);
}

}  // namespace flux::images
