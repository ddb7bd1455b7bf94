#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "images/record.h"

namespace flux::images {

/// How soon to ask again for a tag that did not change or did, was no image or failed (compat/daemon.md 6.8).
struct RefreshTimes {
  Duration first = std::chrono::hours(1);
  Duration least = std::chrono::minutes(5);
  Duration most = std::chrono::hours(168);
  Duration excluded = std::chrono::hours(24);
};

/// Who waits for what a tag is.
enum class Interest {
  none,     ///< no filter lets it through
  wanted,   ///< one does
  awaited,  ///< one does that lets through less than all, and goes by time: it cannot choose before the tag is known
};
using TagInterest = std::function<Interest(const std::string& tag)>;  ///< nothing: no interest in any

/// One tag to ask for.
struct TagWork {
  std::string tag;
  bool known = false;    ///< its digest is: one request without a body may tell that nothing has changed
  bool added = false;    ///< the list did not have it
  bool awaited = false;  ///< and nobody has asked for it yet
};

/// Brings the record up to date with a new list of tags: what is gone is forgotten, tags that are no image by their
/// name are excluded without a request. True when there is a tag that was not there before. Pure.
bool take_tags(Record& record, std::vector<std::string> tags, Timestamp now);

/// The same for tags that somebody named: those that the list does not have are put at its end, for as long as nobody
/// knows better. Gives what to ask for. Pure.
[[nodiscard]] std::vector<TagWork> add_named(Record& record, const std::vector<std::string>& named);
/// Takes those of `work` off the list again that nothing was found out about. Pure.
void drop_unfounded(Record& record, const std::vector<TagWork>& work);

/// The tags to ask for now: those that a filter waits for first, then those that one lets through, among them the
/// newest by version first, because that is what will be chosen. Pure.
[[nodiscard]] std::vector<TagWork> due_tags(const Record& record, Timestamp now, const TagInterest& interest);

struct NextDue {
  Timestamp at;          ///< at the earliest now
  bool awaited = false;  ///< a filter waits for one that is due then
  friend bool operator==(const NextDue&, const NextDue&) = default;
};
/// When a tag is due that is not asked for yet. Nothing: there is no tag to ask for. Pure.
[[nodiscard]] std::optional<NextDue> next_due(const Record& record, Timestamp now, const TagInterest& interest);

/// When to ask again, and after how long, once the tag turned out to be the same (`changed` false) or another. The
/// moment is moved by up to a tenth, by chance (0 to 1), so that tags do not come due together for ever. Pure.
void schedule(TagState& state, bool changed, bool excluded, Timestamp now, double chance,
              const RefreshTimes& times = {});
/// The same after a failure.
void schedule_failure(TagState& state, Timestamp now, double chance, const RefreshTimes& times = {});

}  // namespace flux::images
