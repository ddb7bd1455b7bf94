#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/guarded.h"
#include "images/store/memory_store.h"

namespace flux::images {

/// For the metrics: `method` is `GetKey` or `SetKey`; a miss is no success.
using ObserveCache = std::function<void(std::string_view method, Duration took, bool success)>;

/// A cache that never stands in the way: what `primary` does not take is known from memory until it takes it again, and
/// that is logged once, as is the end of it. A record that cannot be read is an error at first, so that a moment's
/// trouble does not make everything be scanned anew; after that it counts as unknown. Any thread.
class FallbackStore : public Store {
 public:
  /// `primary`: none for memory only.
  FallbackStore(std::unique_ptr<Store> primary, ObserveCache observe, Log log);

  Result<std::optional<Record>> read(const Bounded& ctx, const std::string& name) override;
  Result<void> write(const Bounded& ctx, const std::string& name, const Record& record) override;

 private:
  void failed(const std::string& name, const Error& error) EXCLUDES(mutex_);
  void went_well(const std::string& name) EXCLUDES(mutex_);

  const std::unique_ptr<Store> primary_;
  const ObserveCache observe_;
  const Log log_;
  MemoryStore memory_;
  Mutex mutex_;
  std::map<std::string, int> failures_ GUARDED_BY(mutex_);  // in a row, by repository
};

}  // namespace flux::images
