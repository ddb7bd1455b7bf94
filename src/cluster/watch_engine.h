#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "base/worker.h"
#include "cluster/watch_cache.h"
#include "cluster/watch_feed.h"

namespace flux::cluster {

/// The thread behind WatchCache: starts what its feeds ask for and gives them what arrives.
class WatchEngine {
 public:
  WatchEngine(const Context& ctx, Client& client, WatchCache::Options options);
  WatchEngine(const WatchEngine&) = delete;
  WatchEngine& operator=(const WatchEngine&) = delete;
  ~WatchEngine();

  void watch(const std::string& owner, std::span<const Resource> types);
  void sweep(std::span<const Resource> all);
  bool wait_listed(const Context& ctx);
  void observe(const Object& object, const Resource& resource);

  [[nodiscard]] LiveSet snapshot() const;
  [[nodiscard]] std::vector<std::string> incomplete() const;
  [[nodiscard]] std::vector<std::string> forbidden() const;
  [[nodiscard]] std::size_t watches() const;

 private:
  /// A feed with what it takes to end its requests and to know late answers to old ones.
  struct Line {
    explicit Line(Feed feed_of) : feed(std::move(feed_of)) {}
    Feed feed;
    std::stop_source end;
    std::uint64_t request = 0;
    bool logged = false;  // its present trouble
  };
  using LinePtr = std::shared_ptr<Line>;

  struct Bytes {
    std::string bytes;
  };
  struct Listed {
    Result<http::ClientResponse> answer;
  };
  struct Ended {
    Result<http::ClientResponse> answer;
  };
  struct Event {
    LinePtr line;
    std::uint64_t request;
    std::variant<Bytes, Listed, Ended> what;
  };
  class Mail;  // shared with the transport's callbacks, so that it outlives us

  void ensure_thread();
  void run(const std::stop_token& stop);
  void watch_all(const std::stop_token& stop);
  void start_over();
  void start_due(const std::stop_token& stop);
  void start(const LinePtr& line, Feed::Phase phase, std::uint64_t request);
  void handle(Event event);
  [[nodiscard]] Clock::time_point next_due() const;
  void tell_trouble(Line& line);
  [[nodiscard]] bool is_used(const std::string& group_resource) const;
  void apply(const std::vector<Change>& changes);
  LinePtr& line_for(const Resource& resource, const std::string& ns);
  [[nodiscard]] std::vector<std::string> namespaces_of(const Resource& resource) const;
  [[nodiscard]] FeedRules rules() const;
  [[nodiscard]] double jitter();

  const Context ctx_;
  Client& client_;
  const WatchCache::Options options_;
  const std::shared_ptr<Mail> mail_;

  mutable std::mutex mutex_;  // of all below; never held while calling the client or the owner
  std::condition_variable_any listed_;
  std::map<std::string, LinePtr> lines_;               // by `<group resource>|<namespace>`
  std::map<std::string, std::set<std::string>> uses_;  // group resources given to watch(), by owner
  LiveSet live_;                                       // of all lines
  LinePtr definitions_;
  bool swept_ = false;
  std::minstd_rand random_;
  std::string no_thread_;  // why there is none; empty: there is one
  Worker thread_;

  std::stop_source end_;  // of the thread's work
  std::stop_callback<std::function<void()>> stop_with_;
};

}  // namespace flux::cluster
