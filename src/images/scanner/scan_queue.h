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

/// What to scan next (compat/daemon.md 6.8). First what somebody asked for, then the tags of repositories that nobody
/// has listed yet, then lists that are due, then the metadata of tags, each repository in its turn: so every image's
/// tags are known before the metadata of any, and one large repository keeps no other waiting. One host is asked by
/// one thread at a time. Pure: the time is given.
class ScanQueue {
 public:
  enum class What { list, tags };
  struct Work {
    Target target;
    What what = What::list;
  };
  /// How a piece of work ended.
  struct End {
    bool failed = false;                  ///< the list could not be had
    bool limited = false;                 ///< the registry wants to be left alone
    bool more = false;                    ///< there are tags to ask for now
    std::optional<Duration> next_tag{};   ///< until the next one is due; nothing: there is none
    std::optional<ImageHealth> health{};  ///< as health_of() has it, with the help; nothing: as it was
  };

  /// `seed`: lists are spread over time by chance.
  explicit ScanQueue(unsigned seed) : random_(seed) {}

  /// Replaces what is scanned. What stays keeps its place.
  void set_targets(std::vector<Target> targets);
  /// Lists that repository as soon as its host is free. False when it is none of the targets. `name` is canonical.
  bool prioritize(const std::string& name, Clock::time_point now);
  /// Takes the next piece of work, which has to be given back with done().
  [[nodiscard]] std::optional<Work> next(Clock::time_point now);
  void done(const Work& work, const End& end, Clock::time_point now);
  /// When next() may have something again; nothing: not before something else happens.
  [[nodiscard]] std::optional<Clock::time_point> next_time() const;
  /// How each target fares, by canonical name. `now` and `wall` are one moment.
  [[nodiscard]] std::vector<ImageHealth> health(Clock::time_point now, Timestamp wall) const;

 private:
  struct Entry {
    Target target;
    bool listed = false;
    bool asked_for = false;
    bool busy = false;
    Clock::time_point list_at{};
    std::optional<Clock::time_point> tags_at{};
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
  };
  [[nodiscard]] static Candidate candidate(const Entry& entry);
  Duration spread(Duration about);

  std::map<std::string, Entry> entries_;  // by canonical name
  std::set<std::string> busy_hosts_;
  std::uint64_t turns_ = 0;
  std::minstd_rand random_;
};

}  // namespace flux::images
