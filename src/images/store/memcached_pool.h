#pragma once

#include <libmemcached/memcached.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/guarded.h"
#include "images/store/memcached_servers.h"

namespace flux::images {

/// One memcached. After a failure it is left alone for a while, so that one that hangs costs its callers one timeout.
/// Any thread.
class MemcachedServer {
 public:
  MemcachedServer(ServerAddress address, Duration timeout) : address_(std::move(address)), timeout_(timeout) {}

  enum class Stored { yes, too_large };
  Result<std::map<std::string, std::string>> get(const Bounded& ctx, const std::vector<std::string>& keys);
  Result<Stored> set(const Bounded& ctx, const std::string& key, std::string_view value, std::uint32_t expiry);
  [[nodiscard]] const ServerAddress& address() const { return address_; }

 private:
  struct Free {
    void operator()(memcached_st* connection) const { memcached_free(connection); }
  };
  template <class Act>
  Result<void> request(const Bounded& ctx, Act act) REQUIRES(mutex_);
  Result<memcached_st*> connection(const Bounded& ctx) REQUIRES(mutex_);
  Failure failed(const Bounded& ctx, memcached_return_t code) REQUIRES(mutex_);

  const ServerAddress address_;
  const Duration timeout_;
  Mutex mutex_;
  std::unique_ptr<memcached_st, Free> connection_ GUARDED_BY(mutex_);
  Clock::time_point left_alone_until_ GUARDED_BY(mutex_){};
  std::string last_error_ GUARDED_BY(mutex_);
};

struct MemcachedPoolOptions {
  Duration timeout = std::chrono::seconds(1);  ///< of one request
  /// Called when the servers have to be known, at most once a minute while it gives some.
  std::function<Result<std::vector<ServerAddress>>()> find;
};

/// All servers; each key belongs to one of them, the same as for Flux v1. Any thread.
class MemcachedPool {
 public:
  explicit MemcachedPool(MemcachedPoolOptions options) : options_(std::move(options)) {}

  /// What there is of `keys`.
  Result<std::map<std::string, std::string>> get(const Bounded& ctx, const std::vector<std::string>& keys);
  Result<MemcachedServer::Stored> set(const Bounded& ctx, const std::string& key, std::string_view value,
                                      std::uint32_t expiry);

 private:
  using Servers = std::vector<std::shared_ptr<MemcachedServer>>;
  Result<Servers> servers() EXCLUDES(mutex_);

  const MemcachedPoolOptions options_;
  Mutex mutex_;
  Servers servers_ GUARDED_BY(mutex_);
  Clock::time_point find_at_ GUARDED_BY(mutex_){};
  Error find_error_ GUARDED_BY(mutex_);
};

}  // namespace flux::images
