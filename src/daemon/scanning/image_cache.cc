#include "daemon/scanning/image_cache.h"

#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "images/store/memcached_store.h"
#include "images/store/sqlite_store.h"

namespace flux::daemon {

CachePlaces CachePlaces::here() {
  CachePlaces places;
  places.mounted_writable = ::access(places.mounted.c_str(), W_OK | X_OK) == 0;
  // A container without a user's entry has `/`, where nobody but root may write, and nothing of ours belongs.
  if (const char* home = std::getenv("HOME"); home && *home && std::filesystem::path(home) != "/") places.home = home;
  return places;
}

std::optional<std::filesystem::path> image_cache_dir(const Options& options, const CachePlaces& places) {
  const auto& given = options.registry.cache_dir;
  if (!given.empty()) return given;
  if (options.was_given("image-cache-dir")) return std::nullopt;
  if (places.mounted_writable) return places.mounted;
  if (!places.home.empty()) return places.home / ".cache" / "fluxd";
  return std::nullopt;
}

bool wants_memcached(const Options& options) {
  return options.was_given("memcached-hostname") && !options.memcached.hostname.empty();
}

images::MemcachedPoolOptions memcached_servers(const Options& options) {
  const auto& [hostname, port, timeout, service] = options.memcached;
  images::MemcachedPoolOptions servers;
  servers.timeout = timeout;
  if (service.empty())
    servers.find = [address = images::ServerAddress{hostname, static_cast<std::uint16_t>(port)}] {
      return Result<std::vector<images::ServerAddress>>({address});
    };
  else
    servers.find = [service, hostname] { return images::look_up_servers(service, hostname); };
  return servers;
}

std::unique_ptr<images::Store> open_image_cache(const Options& options, images::ObserveCache observe, const Log& log) {
  std::unique_ptr<images::Store> primary;
  if (wants_memcached(options)) {
    const auto& first = options.registry.platforms.empty() ? std::string() : options.registry.platforms.front();
    primary = std::make_unique<images::MemcachedStore>(memcached_servers(options), first == "linux/amd64",
                                                       log.with({{"component", "memcached"}}));
    log({{"info", "images are kept in memcached"}, {"hostname", options.memcached.hostname}});
  } else if (const auto dir = image_cache_dir(options, CachePlaces::here()); dir) {
    images::SqliteOptions sqlite;
    sqlite.dir = *dir;
    auto opened = images::SqliteStore::open(std::move(sqlite), log);
    if (opened) {
      log({{"info", "image cache opened"}, {"dir", dir->string()}});
      primary = std::move(*opened);
    } else {
      log({{"warning", "no image cache; images are known from memory only, and scanned anew after a restart"},
           {"err", opened.error()}});
    }
  } else {
    log({{"info",
          "no directory for an image cache; images are known from memory only, and scanned anew after a restart"},
         {"flag", "--image-cache-dir"}});
  }
  return std::make_unique<images::FallbackStore>(std::move(primary), std::move(observe), log);
}

}  // namespace flux::daemon
