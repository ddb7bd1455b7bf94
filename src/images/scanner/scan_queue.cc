#include "images/scanner/scan_queue.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace flux::images {
namespace {

constexpr Duration kListInterval = std::chrono::minutes(1);
constexpr Duration kLongestFailing = std::chrono::minutes(16);
constexpr Duration kHostLeftAlone = std::chrono::minutes(1);
constexpr int kMostDoublings = 4;
constexpr std::size_t kMostNamed = 100;
constexpr int kMostCuts = 3;

}  // namespace

void ScanQueue::set_targets(std::vector<Target> targets) {
  std::map<std::string, Entry> entries;
  for (auto& target : targets) {
    const auto name = target.image.name();
    Entry entry;
    if (const auto known = entries_.find(name); known != entries_.end()) {
      entry = std::move(known->second);
      // Whoever mends a secret does not want to wait for it.
      if (!(entry.target.credential == target.credential)) entry.list_at = {};
    }
    entry.target = std::move(target);
    entries.insert_or_assign(name, std::move(entry));
  }
  entries_ = std::move(entries);
}

bool ScanQueue::prioritize(const std::string& name, const std::string& tag, Clock::time_point now) {
  const auto found = entries_.find(name);
  if (found == entries_.end()) return false;
  auto& entry = found->second;
  entry.asked_for = true;
  entry.list_at = now;
  if (!tag.empty() && entry.named.size() < kMostNamed && std::ranges::find(entry.named, tag) == entry.named.end())
    entry.named.push_back(tag);
  return true;
}

bool ScanQueue::in_the_way(const Work& work) const {
  const auto found = entries_.find(work.target.image.name());
  if (found == entries_.end() || work.what == What::named) return false;
  const auto& entry = found->second;
  if (work.what == What::tags) return entry.asked_for || !entry.named.empty();
  return !entry.named.empty() && entry.cut_short < kMostCuts;
}

ScanQueue::Candidate ScanQueue::candidate(const Entry& entry) {
  const auto list_at = std::max(entry.list_at, entry.not_before);
  if (!entry.named.empty()) return {0, What::named, entry.not_before};
  if (entry.asked_for) return {1, What::list, list_at};
  if (!entry.listed) return {2, What::list, list_at};
  if (!entry.tags_at || list_at <= *entry.tags_at) return {3, What::list, list_at};
  return {entry.awaited ? 4 : 5, What::tags, std::max(*entry.tags_at, entry.not_before)};
}

bool ScanQueue::may_be_taken(const Entry& entry, Which which) const {
  if (entry.busy) return false;
  return candidate(entry).urgent() || (which == Which::any && !busy_hosts_.contains(entry.target.image.domain));
}

std::optional<ScanQueue::Work> ScanQueue::next(Clock::time_point now, Which which) {
  Entry* best = nullptr;
  for (auto& [name, entry] : entries_) {
    if (!may_be_taken(entry, which) || candidate(entry).at > now) continue;
    const auto order = [](const Entry& one) { return std::tuple(candidate(one).rank, one.turn); };
    if (!best || order(entry) < order(*best)) best = &entry;
  }
  if (!best) return std::nullopt;
  const auto chosen = candidate(*best);
  Work work{best->target, chosen.what, chosen.urgent(), {}};
  best->busy = true;
  best->turn = ++turns_;
  if (work.what == What::list) best->asked_for = false;
  if (work.what == What::named) work.named = std::exchange(best->named, {});
  if (!work.urgent) busy_hosts_.insert(best->target.image.domain);
  return work;
}

void ScanQueue::done(const Work& work, const End& end, Clock::time_point now) {
  if (!work.urgent) busy_hosts_.erase(work.target.image.domain);
  const auto found = entries_.find(work.target.image.name());
  if (found == entries_.end()) return;
  auto& entry = found->second;
  entry.busy = false;
  if (end.health) {
    // What is asked of tags says nothing of what to do about the list.
    auto help =
        work.what == What::tags && entry.health.error == end.health->error ? entry.health.help : end.health->help;
    entry.health = *end.health;
    entry.health.help = std::move(help);
    if (entry.health.error.empty())
      entry.failing_since.reset();
    else if (!entry.failing_since)
      entry.failing_since = now;
  }
  // Else the tags would be asked for when they are due only.
  if (work.what == What::named && end.limited)
    entry.named.insert(entry.named.end(), work.named.begin(), work.named.end());
  if (work.what == What::list && end.failed && end.cut_short) {
    ++entry.cut_short;
    entry.asked_for = true;
  } else if (work.what == What::list) {
    entry.listed = true;
    entry.cut_short = 0;
    entry.failures = end.failed ? std::min(entry.failures + 1, kMostDoublings) : 0;
    const auto pause = std::min(kListInterval * (1 << entry.failures), kLongestFailing);
    if (!entry.asked_for) entry.list_at = now + spread(pause);
  }
  if (end.limited) entry.not_before = now + spread(kHostLeftAlone);
  entry.awaited = end.awaited;
  if (end.more)
    entry.tags_at = now;
  else
    entry.tags_at = end.next_tag ? std::optional(now + *end.next_tag) : std::nullopt;
}

std::optional<Clock::time_point> ScanQueue::next_time(Which which) const {
  std::optional<Clock::time_point> earliest;
  for (const auto& [name, entry] : entries_) {
    if (!may_be_taken(entry, which)) continue;
    const auto at = candidate(entry).at;
    if (!earliest || at < *earliest) earliest = at;
  }
  return earliest;
}

std::vector<ImageHealth> ScanQueue::health(Clock::time_point now, Timestamp wall) const {
  const auto at_wall = [&](Clock::time_point at) {
    return wall + std::chrono::duration_cast<std::chrono::nanoseconds>(at - now);
  };
  std::vector<ImageHealth> all;
  all.reserve(entries_.size());
  for (const auto& [name, entry] : entries_) {
    auto& one = all.emplace_back(entry.health);
    one.image = name;
    if (entry.target.credential) one.credentials = entry.target.credential->from;
    if (entry.failing_since) one.failing_since = at_wall(*entry.failing_since);
    // What waits for its host is due, and not overdue.
    if (!entry.busy) one.next_refresh = std::max(at_wall(std::max(entry.list_at, entry.not_before)), wall);
  }
  return all;
}

Duration ScanQueue::spread(Duration about) {
  const auto chance = std::uniform_real_distribution<double>(0, 0.1)(random_);
  return about + std::chrono::duration_cast<Duration>(about * chance);
}

}  // namespace flux::images
