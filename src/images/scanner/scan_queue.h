#pragma once

#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/duration.h"
#include "images/scanner/health.h"
#include "images/scanner/scan.h"

namespace flux::images {

/// What to scan next (compat/daemon.md 6.8). First what somebody asked for: tags by their names, then lists. Then the
/// tags of repositories that nobody has listed yet, then lists that are due, then the metadata of tags, those that a
/// filter waits for first, each repository in its turn: so every image's tags are known before the metadata of any, all
/// choices are known as early as can be, and one large repository keeps no other waiting. One host is asked by one
/// thread at a time, but what somebody asked for does not wait for its host. Pure: the time is given.
class ScanQueue {
 public:
  enum class What { named, list, tags };
  struct Work {
    Target target;
    What what = What::list;
    bool urgent = false;               ///< somebody asked for it
    std::vector<std::string> named{};  ///< with What::named: the tags
  };
  /// Which work to take.
  enum class Which { any, urgent };
  /// How a piece of work ended.
  struct End {
    bool failed = false;                  ///< the list could not be had
    bool cut_short = false;               ///< the work was ended early, so that what is urgent comes first
    bool limited = false;                 ///< the registry wants to be left alone
    bool more = false;                    ///< there are tags to ask for now
    bool awaited = false;                 ///< and a filter waits for one of them
    std::optional<Duration> next_tag{};   ///< until the next one is due; nothing: there is none
    std::optional<ImageHealth> health{};  ///< as health_of() has it, with the help; nothing: as it was
  };

  /// `seed`: lists are spread over time by chance.
  explicit ScanQueue(unsigned seed) : random_(seed) {}

  /// Replaces what is scanned. What stays keeps its place.
  void set_targets(std::vector<Target> targets);
  /// Asks for that tag of the repository at once, unless it is empty, and then for the list. False when the repository
  /// is none of the targets. `name` is canonical. Of very many tags at a time, some are left to the list.
  bool prioritize(const std::string& name, const std::string& tag, Clock::time_point now);
  /// Whether this work is in the way of something urgent, and may be ended early for it. That is not so without end, or
  /// a long list would never be had.
  [[nodiscard]] bool in_the_way(const Work& work) const;
  /// Takes the next piece of work, which has to be given back with done().
  [[nodiscard]] std::optional<Work> next(Clock::time_point now, Which which = Which::any);
  void done(const Work& work, const End& end, Clock::time_point now);
  /// When next() may have something again; nothing: not before something else happens.
  [[nodiscard]] std::optional<Clock::time_point> next_time(Which which = Which::any) const;
  /// How each target fares, by canonical name. `now` and `wall` are one moment.
  [[nodiscard]] std::vector<ImageHealth> health(Clock::time_point now, Timestamp wall) const;

 private:
  struct Entry {
    Target target;
    bool listed = false;
    bool asked_for = false;
    std::vector<std::string> named{};  // asked for by their names
    int cut_short = 0;                 // lists in a row
    bool busy = false;
    Clock::time_point list_at{};
    std::optional<Clock::time_point> tags_at{};
    bool awaited = false;            // a filter waits for one of the tags
    Clock::time_point not_before{};  // the registry wants to be left alone
    int failures = 0;
    ImageHealth health;
    std::optional<Clock::time_point> failing_since;
    std::uint64_t turn = 0;  // when it was taken last
  };
  struct Candidate {
    int rank;
    What what;
    Clock::time_point at;
    [[nodiscard]] bool urgent() const { return rank < 2; }
  };
  [[nodiscard]] static Candidate candidate(const Entry& entry);
  [[nodiscard]] bool may_be_taken(const Entry& entry, Which which) const;
  Duration spread(Duration about);

  std::map<std::string, Entry> entries_;  // by canonical name
  std::set<std::string> busy_hosts_;
  std::uint64_t turns_ = 0;
  std::minstd_rand random_;
};

}  // namespace flux::images
