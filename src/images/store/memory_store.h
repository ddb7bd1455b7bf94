#pragma once

#include <cstddef>
#include <map>

#include "base/guarded.h"
#include "images/store/record_pages.h"
#include "images/store/store.h"

namespace flux::images {

/// Keeps records for as long as the process lives, packed, the most recently used ones up to a number of bytes. The
/// last one written is always kept.
class MemoryStore : public Store {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20;
  explicit MemoryStore(std::size_t most_bytes = kMostBytes) : most_bytes_(most_bytes) {}

  Result<std::optional<Record>> read(const Bounded& ctx, const std::string& name) override;
  Result<void> write(const Bounded& ctx, const std::string& name, const Record& record) override;
  void forget(const std::string& name);
  [[nodiscard]] bool holds(const std::string& name);

 private:
  struct Entry {
    RecordPages pages;
    std::size_t bytes = 0;
    std::uint64_t used = 0;
  };
  void drop(std::map<std::string, Entry>::iterator entry) REQUIRES(mutex_);

  const std::size_t most_bytes_;
  Mutex mutex_;
  std::map<std::string, Entry> entries_ GUARDED_BY(mutex_);
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
  std::uint64_t uses_ GUARDED_BY(mutex_) = 0;
};

}  // namespace flux::images
