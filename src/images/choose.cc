#include "images/choose.h"

#include <algorithm>

#include "images/candidates.h"

namespace flux::images {
namespace {

using Tags = std::vector<std::string>;
using Candidates = std::vector<Candidate*>;  ///< newest first

bool passes(const Candidate* candidate) { return candidate->verdict.why == Why::nothing; }

Tags without_metadata(const Candidates& all) {
  Tags tags;
  for (const auto* candidate : all) {
    const auto& verdict = candidate->verdict;
    if (verdict.why == Why::missing_metadata || verdict.why == Why::not_scanned) tags.push_back(verdict.tag);
  }
  return tags;
}

/// The one that should run, if any: the first that passes, or the current one where time does not tell them apart.
const Candidate* best_of(const Candidates& all, Order order, const ImageRef& current, Mode mode) {
  const auto first = std::ranges::find_if(all, passes);
  if (first == all.end()) return nullptr;
  const auto newest = (*first)->place.created;
  const bool time_decides = order == Order::created && (newest || mode == Mode::release);
  const auto stays = std::ranges::find_if(all, [&](const Candidate* candidate) {
    return time_decides && passes(candidate) && candidate->verdict.tag == current.tag &&
           candidate->place.created == newest;
  });
  return stays == all.end() ? *first : *stays;
}

/// By the filter's order; what it cannot compare is no step down.
bool is_step_down(const Repository& repository, const TagPattern& pattern, const ImageRef& current,
                  const Candidate& best) {
  ImageInfo info;
  info.id = current;
  info.created_at = created_of(repository, current.tag);
  if (pattern.needs_created() && !info.created_at) return false;
  return newer(pattern.place(info), best.place);
}

Choice without_verdicts(const Repository& repository, const TagPattern& pattern, const ImageRef& current, Mode mode,
                        bool never_downgrade, const Candidate* best, Tags missing) {
  if (!current.digest.empty()) return {Outcome::pinned};
  if (!pattern.problem().empty()) return {Outcome::invalid_filter};
  if (!missing.empty()) return {Outcome::missing_metadata, {}, std::move(missing)};
  if (!best) return {repository.tags.empty() && !repository.last_update ? Outcome::not_scanned : Outcome::no_candidate};
  const auto& tag = best->verdict.tag;
  if (tag == current.tag) return {Outcome::up_to_date, tag};
  const bool stranger =
      mode == Mode::automation && std::ranges::find(repository.tags, current.tag) == repository.tags.end();
  if ((never_downgrade || stranger) && is_step_down(repository, pattern, current, *best))
    return {Outcome::lower, {}, {tag}};
  if (mode == Mode::release || !pattern.needs_created()) return {Outcome::update, tag};
  Tags undated;
  if (!created_of(repository, current.tag)) undated.push_back(current.tag);
  if (!best->place.created) undated.push_back(tag);
  if (!undated.empty()) return {Outcome::unknown_time, {}, std::move(undated)};
  return {Outcome::update, tag};
}

/// Why one that passes is not the choice, which is `best` unless none was made.
Why second_look(const Candidate& candidate, const Candidate& best, Order order, bool chosen) {
  if (chosen && &candidate == &best) return Why::nothing;
  if (order == Order::created && !candidate.place.created) return Why::unknown_time;
  if (!chosen) return Why::blocked;
  return newer(candidate.place, best.place) ? Why::same_time : Why::older;
}

}  // namespace

Choice choose(const Repository& repository, const TagPattern& pattern, const ImageRef& current, Mode mode,
              bool never_downgrade) {
  auto unsorted = candidates(repository, pattern);
  const auto all = newest_first(unsorted);
  const auto* const best = best_of(all, pattern.order(), current, mode);
  auto choice = without_verdicts(repository, pattern, current, mode, never_downgrade, best, without_metadata(all));
  choice.verdicts.reserve(all.size());
  for (auto* candidate : all) {
    if (passes(candidate))
      candidate->verdict.why = second_look(*candidate, *best, pattern.order(), !choice.tag.empty());
    choice.verdicts.push_back(std::move(candidate->verdict));
  }
  return choice;
}

std::string_view to_text(Why why) {
  switch (why) {
    case Why::nothing:
      return "is the one to run";
    case Why::older:
      return "is older than the one to run";
    case Why::same_time:
      return "was created at the same time as the one that runs";
    case Why::blocked:
      return "passes the filter, but nothing can be chosen";
    case Why::unknown_time:
      return "has no creation time";
    case Why::filter:
      return "does not match the filter";
    case Why::latest:
      return "runs only where the filter is glob:latest";
    case Why::excluded:
      return "is no image that could run";
    case Why::missing_metadata:
      return "could not be looked at";
    case Why::not_scanned:
      return "has not been looked at yet";
  }
  return {};
}

}  // namespace flux::images
