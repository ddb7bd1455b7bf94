#include "images/store/memcached_pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "images/store/memcached_format.h"

namespace flux::images {
namespace {

constexpr Duration kFoundFor = std::chrono::minutes(1);
constexpr Duration kPoolLeftAlone = std::chrono::seconds(5);
constexpr std::size_t kKeysAtOnce = 500;

struct FreeResult {
  void operator()(memcached_result_st* result) const { memcached_result_free(result); }
};

}  // namespace

/// Waits for one request only as long as the call may last.
Result<memcached_st*> MemcachedServer::connection(const Bounded& ctx) {
  if (auto ok = ctx.check(); !ok) return Failure(ok.error());
  if (Clock::now() < left_alone_until_) return fail(ErrorKind::server, last_error_);
  if (!connection_) {
    connection_.reset(memcached_create(nullptr));
    if (!connection_) return fail(ErrorKind::server, "no memory for a connection to memcached");
    memcached_server_add(connection_.get(), address_.host.c_str(), address_.port);
    memcached_behavior_set(connection_.get(), MEMCACHED_BEHAVIOR_TCP_NODELAY, 1);
    memcached_behavior_set(connection_.get(), MEMCACHED_BEHAVIOR_NO_BLOCK, 1);
  }
  const auto left = ctx.deadline() ? Duration(*ctx.deadline() - Clock::now()) : timeout_;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(std::min(left, timeout_)).count();
  for (const auto behavior : {MEMCACHED_BEHAVIOR_CONNECT_TIMEOUT, MEMCACHED_BEHAVIOR_POLL_TIMEOUT})
    memcached_behavior_set(connection_.get(), behavior, static_cast<std::uint64_t>(std::max<std::int64_t>(wait, 1)));
  return connection_.get();
}

Failure MemcachedServer::failed(const Bounded& ctx, memcached_return_t code) {
  last_error_ =
      fmt::format("memcached at {}:{}: {}", address_.host, address_.port, memcached_strerror(connection_.get(), code));
  // What the connection remembers of its failures would decide when it is used again.
  connection_.reset();
  if (!ctx.done()) left_alone_until_ = Clock::now() + kPoolLeftAlone;
  return fail(ErrorKind::server, last_error_);
}

/// A connection that the server has closed meanwhile is no failure: the request is sent once more over a new one.
template <class Act>
Result<void> MemcachedServer::request(const Bounded& ctx, Act act) {
  for (;;) {
    const bool used_before = connection_ != nullptr;
    const auto opened = connection(ctx);
    if (!opened) return Failure(opened.error());
    const auto code = act(*opened);
    if (!memcached_failed(code)) return {};
    if (!used_before || code == MEMCACHED_TIMEOUT) return failed(ctx, code);
    connection_.reset();
  }
}

Result<std::map<std::string, std::string>> MemcachedServer::get(const Bounded& ctx,
                                                                const std::vector<std::string>& keys) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const auto& key : keys) {
    texts.push_back(key.data());
    sizes.push_back(key.size());
  }
  std::map<std::string, std::string> found;
  const MutexLock lock(mutex_);
  const auto done = request(ctx, [&](memcached_st* connection) {
    found.clear();
    auto code = memcached_mget(connection, texts.data(), sizes.data(), keys.size());
    if (memcached_failed(code)) return code;
    // Of its own memory: what it allocates, memcached_fetch_result() frees at the end of the answer.
    memcached_result_st place;
    memcached_result_create(connection, &place);
    const std::unique_ptr<memcached_result_st, FreeResult> result(&place);
    while (auto* item = memcached_fetch_result(connection, result.get(), &code))
      found.insert_or_assign(std::string(memcached_result_key_value(item), memcached_result_key_length(item)),
                             std::string(memcached_result_value(item), memcached_result_length(item)));
    return code == MEMCACHED_NOTFOUND ? MEMCACHED_END : code;
  });
  if (!done) return Failure(done.error());
  return found;
}

Result<MemcachedServer::Stored> MemcachedServer::set(const Bounded& ctx, const std::string& key, std::string_view value,
                                                     std::uint32_t expiry) {
  bool too_large = false;
  const MutexLock lock(mutex_);
  const auto done = request(ctx, [&](memcached_st* connection) {
    const auto code = memcached_set(connection, key.data(), key.size(), value.data(), value.size(), expiry, 0);
    too_large = code == MEMCACHED_E2BIG;
    return too_large ? MEMCACHED_SUCCESS : code;
  });
  if (!done) return Failure(done.error());
  return too_large ? Stored::too_large : Stored::yes;
}

/// Those found last go on to be used when they cannot be found anew.
Result<MemcachedPool::Servers> MemcachedPool::servers() {
  const MutexLock lock(mutex_);
  const auto now = Clock::now();
  if (now < find_at_ && !servers_.empty()) return servers_;
  if (now < find_at_) return Failure(find_error_);
  auto found = options_.find();
  find_at_ = Clock::now() + (found ? kFoundFor : kPoolLeftAlone);
  if (!found) {
    find_error_ = found.error();
    if (servers_.empty()) return Failure(find_error_);
    return servers_;
  }
  Servers next;
  for (const auto& address : *found) {
    const auto known = std::ranges::find(servers_, address, [](const auto& server) { return server->address(); });
    next.push_back(known == servers_.end() ? std::make_shared<MemcachedServer>(address, options_.timeout) : *known);
  }
  servers_ = std::move(next);
  return servers_;
}

Result<std::map<std::string, std::string>> MemcachedPool::get(const Bounded& ctx,
                                                              const std::vector<std::string>& keys) {
  const auto all = servers();
  if (!all) return Failure(all.error());
  std::vector<std::vector<std::string>> by_server(all->size());
  for (const auto& key : keys)
    if (v1::is_key(key)) by_server[v1::server_of(key, all->size())].push_back(key);
  std::map<std::string, std::string> found;
  for (std::size_t i = 0; i < by_server.size(); ++i) {
    const auto& of_server = by_server[i];
    for (std::size_t begin = 0; begin < of_server.size(); begin += kKeysAtOnce) {
      const auto end = std::min(begin + kKeysAtOnce, of_server.size());
      const auto at = [&](std::size_t place) { return of_server.begin() + static_cast<std::ptrdiff_t>(place); };
      auto some = (*all)[i]->get(ctx, {at(begin), at(end)});
      if (!some) return some;
      found.merge(*some);
    }
  }
  return found;
}

Result<MemcachedServer::Stored> MemcachedPool::set(const Bounded& ctx, const std::string& key, std::string_view value,
                                                   std::uint32_t expiry) {
  if (!v1::is_key(key)) return fail(ErrorKind::server, fmt::format("memcached takes no key such as '{}'", key));
  const auto all = servers();
  if (!all) return Failure(all.error());
  return (*all)[v1::server_of(key, all->size())]->set(ctx, key, value, expiry);
}

}  // namespace flux::images
