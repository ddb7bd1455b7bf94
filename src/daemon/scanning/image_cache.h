#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "base/log.h"
#include "daemon/options.h"
#include "images/store/fallback_store.h"
#include "images/store/memcached_pool.h"

namespace flux::daemon {

/// What this machine offers for a cache.
struct CachePlaces {
  std::filesystem::path mounted = "/var/cache/fluxd";  ///< where manifests mount a volume
  bool mounted_writable = false;
  std::filesystem::path home;  ///< empty: none

  static CachePlaces here();
};

/// The directory of the image cache: the one of `--image-cache-dir`, else the mounted one if it can be written, else
/// `.cache/fluxd` of the home. Nothing when the flag was given as empty, or when there is no home. Pure.
[[nodiscard]] std::optional<std::filesystem::path> image_cache_dir(const Options& options, const CachePlaces& places);

/// Whether memcached is to be used: only when `--memcached-hostname` was given, and not as empty. Pure.
[[nodiscard]] bool wants_memcached(const Options& options);

/// By which servers, as the flags say it.
[[nodiscard]] images::MemcachedPoolOptions memcached_servers(const Options& options);

/// Where the images' records are kept. There always is one: what cannot be opened is logged, and memory takes its
/// place.
[[nodiscard]] std::unique_ptr<images::Store> open_image_cache(const Options& options, images::ObserveCache observe,
                                                              const Log& log);

}  // namespace flux::daemon
