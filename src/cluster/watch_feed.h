#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.h"
#include "cluster/catalog.h"
#include "cluster/client.h"
#include "cluster/live_set.h"
#include "cluster/object.h"

namespace flux::cluster {

struct FeedRules {
  std::string selector;  ///< label selector; empty: all
  Duration first_backoff = std::chrono::milliseconds(200);
  Duration max_backoff = std::chrono::seconds(10);
  Duration recheck = std::chrono::minutes(5);  ///< of what is forbidden or not served
  std::size_t page_size = 500;
  bool store = true;                               ///< false: only noticed() counts, nothing is kept
  std::function<bool(const Object&)> wanted = {};  ///< empty: all
};

/// The list-and-watch protocol of one type in one namespace (or all), as a state machine without I/O: the owner sends
/// what list_call() and watch_call() say and feeds back what arrives. Not synchronised.
class Feed {
 public:
  enum class Phase {
    resting,    ///< listed, nothing to watch for
    waiting,    ///< for due()
    listing,    ///< an answer to list_call() is under way
    streaming,  ///< a watch is open
  };

  Feed(Resource resource, std::string ns, FeedRules rules);

  /// Whether begin() is to be called.
  [[nodiscard]] bool due(Clock::time_point now) const { return phase_ == Phase::waiting && due_ <= now; }
  [[nodiscard]] Clock::time_point due_at() const { return due_; }
  /// Says what to send now: a list (listing) or a watch (streaming).
  Phase begin(Clock::time_point now);
  [[nodiscard]] Call list_call() const;
  [[nodiscard]] Call watch_call(std::chrono::seconds server_timeout);

  struct Arrival {
    Clock::time_point now;
    double jitter = 0;  ///< 0 to 1
  };
  std::vector<Change> listed(const Result<http::ClientResponse>& answer, Arrival at);
  std::vector<Change> received(std::string_view bytes);
  void ended(const Result<http::ClientResponse>& answer, Arrival at);
  /// Some of what came over the watch was dropped, for there was more than could be kept.
  void overrun();
  /// What came over the watch cannot be followed: the owner has to end it, and says so with given_up().
  [[nodiscard]] bool is_lost() const { return lost_; }
  void given_up(Arrival at);

  /// Keep a watch open even while there are no objects.
  void keep(bool yes, Clock::time_point now);
  /// List again unless a watch or a list is going on.
  void look_again(Clock::time_point now);
  /// List again, even so: what was going on is given up, and nothing of it may be fed back.
  void start_over(Clock::time_point now);
  /// Our own write; see WatchCache::observe().
  std::vector<Change> observe(const Object& object);

  [[nodiscard]] const Resource& resource() const { return resource_; }
  [[nodiscard]] const std::string& ns() const { return ns_; }
  [[nodiscard]] Phase phase() const { return phase_; }
  [[nodiscard]] const std::map<std::string, ObjectPtr>& objects() const { return objects_; }
  /// `deployments.apps`, `secrets in shop`.
  [[nodiscard]] std::string label() const;
  [[nodiscard]] bool is_listed() const { return listed_; }
  [[nodiscard]] bool is_forbidden() const { return forbidden_; }
  [[nodiscard]] bool is_pending() const { return pending_; }
  /// May list, but not watch: changes are seen at each recheck only.
  [[nodiscard]] bool is_unwatchable() const { return unwatchable_; }
  /// In a row.
  [[nodiscard]] int failures() const { return failures_; }
  /// Why the latest attempt gave nothing; empty when all is well.
  [[nodiscard]] const std::string& error() const { return error_; }
  /// The server has an older state than it had, as after a restore of etcd, since the last call.
  [[nodiscard]] bool take_went_back() { return std::exchange(went_back_, false); }
  /// The credentials were refused since the last call.
  [[nodiscard]] bool take_unauthorized() { return std::exchange(unauthorized_, false); }
  /// Something was added, changed or deleted since the last call (for rules without store).
  [[nodiscard]] bool take_noticed() { return std::exchange(noticed_, false); }
  [[nodiscard]] bool sends_bookmarks() const { return bookmarks_; }

 private:
  void wait(Duration duration, Clock::time_point now);
  void failed(std::string why, const Result<http::ClientResponse>& answer, Arrival at);
  std::vector<Change> refused(int status, Arrival at);
  std::vector<Change> too_long(const http::ClientResponse& answer, Arrival at);
  std::vector<Change> replace_all();
  void after_list(Clock::time_point now);
  void apply_event(std::string_view line, std::vector<Change>& changes);
  void store(Object object, std::vector<Change>& changes);

  const Resource resource_;
  const std::string ns_;
  const FeedRules rules_;

  Phase phase_ = Phase::waiting;
  Clock::time_point due_{};
  Clock::time_point began_{};
  bool keep_ = false;
  bool listed_ = false;
  bool forbidden_ = false;
  bool pending_ = true;
  bool unauthorized_ = false;
  bool noticed_ = false;
  bool bookmarks_ = false;
  bool relist_ = true;       // the next request is a list
  bool productive_ = false;  // this stream has delivered something
  bool lost_ = false;        // and something that cannot be followed
  bool unwatchable_ = false;
  bool went_back_ = false;
  int failures_ = 0;
  int short_lived_ = 0;  // watches in a row that ended well but at once
  std::string error_;

  Duration asked_for_{};                       // how long the server was asked to keep the watch
  std::string version_;                        // resourceVersion to resume from
  std::string next_;                           // continue token
  std::size_t page_size_;                      // smaller than that of the rules once such a page was too long
  std::string buffer_;                         // of an unfinished line
  std::map<std::string, ObjectPtr> incoming_;  // pages so far, by `<ns>/<name>`
  std::map<std::string, ObjectPtr> objects_;
  std::set<std::string> written_;  // by us since the latest request began
};

/// -1, 0, 1 as the first resourceVersion is older, equal or newer; versions that are no numbers count as newer.
[[nodiscard]] int compare_versions(std::string_view a, std::string_view b);

}  // namespace flux::cluster
