#pragma once

#include <map>

#include "base/guarded.h"
#include "images/store.h"

namespace flux::images {

/// Keeps records for as long as the process lives.
class MemoryStore : public Store {
 public:
  Result<std::optional<Record>> read(const Bounded& /*ctx*/, const std::string& name) override {
    const MutexLock lock(mutex_);
    const auto found = records_.find(name);
    return found == records_.end() ? std::nullopt : std::optional(found->second);
  }
  Result<void> write(const Bounded& /*ctx*/, const std::string& name, const Record& record) override {
    const MutexLock lock(mutex_);
    records_.insert_or_assign(name, record);
    return {};
  }

 private:
  Mutex mutex_;
  std::map<std::string, Record> records_ GUARDED_BY(mutex_);
};

}  // namespace flux::images
