#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/guarded.h"
#include "base/worker.h"
#include "cluster/catalog.h"
#include "cluster/client.h"
#include "cluster/live_set.h"

namespace flux::cluster {

struct FeedRules;
struct WatchLine;
struct WatchMessage;
class WatchMail;

/// Knows all managed objects (label `fluxcd.io/sync-gc-mark`, allowed namespaces) as metadata, through watches: no
/// requests while nothing changes. One thread of its own (beside the transport's). Any thread may call.
///
/// A type is either watched, or only listed by sweep() and watched from then on if that found anything.
///
/// Versions that go back are noticed: by the list that follows when a connection breaks, and by the watch of
/// definitions, which has the same server and is listed again with each break. Then everything is listed anew.
class WatchCache {
 public:
  struct Options {
    std::vector<std::string> namespaces;  ///< allowed ones; empty: all
    /// Called on the cache's thread, without locks, after the change is visible to snapshot(); must not block for long.
    std::function<void(const Change&)> on_change;
    /// A CustomResourceDefinition came, changed or went: Discovery::invalidate(). Same thread.
    std::function<void()> on_definitions_change;
    /// The server has gone back to an older state, as after a restore of etcd. Everything has been listed anew when the
    /// changes of that have been told. Same thread.
    std::function<void()> on_restored;
    bool watch_all = false;  ///< also types that nobody uses and that have no objects, once swept: without requests
    Duration watch_time = std::chrono::minutes(5);   ///< server-side length of a watch, up to a half less at random
    Duration recheck = std::chrono::minutes(5);      ///< of what we may not list or watch, or what is not served
    Duration idle_slack = std::chrono::seconds(30);  ///< beyond it a silent watch counts as broken
    Duration bookmark_silence = std::chrono::seconds(150);  ///< the same where the server is known to send bookmarks
    Duration first_backoff = std::chrono::milliseconds(200);
    Duration max_backoff = std::chrono::seconds(10);
  };
  WatchCache(const Context& ctx, Client& client, Options options);
  WatchCache(const WatchCache&) = delete;
  WatchCache& operator=(const WatchCache&) = delete;
  ~WatchCache();  ///< ends all watches within milliseconds

  /// The types that `owner`, such as one repository, uses: all are watched from now on. Those that only it named before
  /// are left out of the watches again unless they have objects; what other owners use stays.
  void watch(const std::string& owner, std::span<const Resource> types);
  /// Lists every type that is not watched, and forgets types that are not in `all` (Catalog::listable()).
  void sweep(std::span<const Resource> all);
  /// Waits until every list that was asked for has been answered or refused, or has failed a few times: incomplete()
  /// tells which. False when the context ended first.
  bool wait_listed(const Context& ctx);

  /// All managed objects. Costs next to nothing, and LiveSet::compare() tells what has changed since an earlier one.
  [[nodiscard]] LiveSet snapshot() const;
  /// What is not known, as garbage collection says when it refuses: `cannot list deployments.apps: ...`. Empty when
  /// sweep() has been called and every list since has been complete, forbidden types (forbidden()) aside.
  [[nodiscard]] std::vector<std::string> incomplete() const;
  [[nodiscard]] bool complete() const { return incomplete().empty(); }
  /// Types that we may not list, each with the namespace if one was asked for: `secrets in shop`.
  [[nodiscard]] std::vector<std::string> forbidden() const;
  /// The same of those that we may list but not watch.
  [[nodiscard]] std::vector<std::string> unwatchable() const;

  /// What we have just written, as the API server answered. Visible at once, without waiting for the watch, and not
  /// reported to on_change; neither is the watch event, unless it was faster than this call.
  void observe(const Object& object, const Resource& resource);
  /// The same of what we have just deleted: where no watch tells when it is gone, the type is listed again.
  void observe_deletion(const Resource& resource, const std::string& ns);

  /// Currently open or opening watches; for metrics and tests.
  [[nodiscard]] std::size_t watches() const;

 private:
  using LinePtr = std::shared_ptr<WatchLine>;
  struct Start;

  // The thread and its requests (watch_requests.cc).
  void ensure_thread() REQUIRES(mutex_);
  void run(const std::stop_token& stop);
  void watch_all(const std::stop_token& stop);
  void start_over(bool keep_definitions);
  void start_due(const std::stop_token& stop);
  void start(const Start& what) EXCLUDES(mutex_);
  void handle(WatchMessage message) EXCLUDES(mutex_);
  [[nodiscard]] Clock::time_point next_due() const;
  void tell_trouble(WatchLine& line) REQUIRES(mutex_);
  [[nodiscard]] double jitter() REQUIRES(mutex_);

  [[nodiscard]] bool is_used(const std::string& group_resource) const REQUIRES(mutex_);
  void apply(const std::vector<Change>& changes) REQUIRES(mutex_);
  LinePtr& line_for(const Resource& resource, const std::string& ns) REQUIRES(mutex_);
  [[nodiscard]] std::vector<std::string> namespaces_of(const Resource& resource) const;
  [[nodiscard]] FeedRules rules() const;

  const Context ctx_;
  Client& client_;
  const Options options_;
  const std::shared_ptr<WatchMail> mail_;

  mutable Mutex mutex_;  // never held while calling the client or the owner
  std::condition_variable_any listed_;
  std::map<std::string, LinePtr> lines_ GUARDED_BY(mutex_);  // by `<group resource>|<namespace>`
  // Group resources given to watch(), by owner.
  std::map<std::string, std::set<std::string>> uses_ GUARDED_BY(mutex_);
  LiveSet live_ GUARDED_BY(mutex_);  // of all lines
  LinePtr definitions_ GUARDED_BY(mutex_);
  bool swept_ GUARDED_BY(mutex_) = false;
  std::minstd_rand random_ GUARDED_BY(mutex_);
  std::string no_thread_ GUARDED_BY(mutex_);  // why there is none; empty: there is one
  Worker thread_ GUARDED_BY(mutex_);

  std::stop_source end_;  // of the thread's work
  std::stop_callback<std::function<void()>> stop_with_;
};

}  // namespace flux::cluster
