#pragma once

#include <set>

#include "base/guarded.h"
#include "images/store/memcached_pool.h"
#include "images/store/store.h"

namespace flux::images {

/// Keeps records in memcached, shared with a Flux v1 that uses the same servers (compat/daemon.md 6.9): what it writes
/// is read, and its own two kinds of items are written beside ours, which hold the whole record, in pages.
class MemcachedStore : public Store {
 public:
  /// `reads_v1`: whether what Flux v1 finds out, of linux/amd64 always, is of the platform that we look at.
  MemcachedStore(MemcachedPoolOptions servers, bool reads_v1, Log log)
      : servers_(std::move(servers)), reads_v1_(reads_v1), log_(std::move(log)) {}

  Result<std::optional<Record>> read(const Bounded& ctx, const std::string& name) override;
  Result<void> write(const Bounded& ctx, const std::string& name, const Record& record) override;

 private:
  struct Changes;
  Result<std::optional<Record>> read_own(const Bounded& ctx, const std::string& name);
  Result<Changes> changes(const Bounded& ctx, const std::string& name, const struct RecordPages& pages);
  Result<void> write_manifests(const Bounded& ctx, const std::string& name, const Changes& changes, Timestamp now);
  Result<void> put(const Bounded& ctx, const std::string& key, std::string_view value, std::uint32_t expiry);

  MemcachedPool servers_;
  const bool reads_v1_;
  const Log log_;
  Mutex mutex_;
  std::set<std::string> incomplete_ GUARDED_BY(mutex_);  // a page has gone: all are to be written
  std::set<std::string> too_large_ GUARDED_BY(mutex_);   // told
};

}  // namespace flux::images
