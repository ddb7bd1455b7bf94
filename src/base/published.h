#pragma once

#include <memory>
#include <utility>

#include "base/guarded.h"

namespace flux {

/// The latest of the values that one thread makes for others: what they take stays as it was. Any thread; nobody waits
/// for who makes the next.
template <class T>
class Published {
 public:
  void publish(T value) {
    auto latest = std::make_shared<const T>(std::move(value));
    const MutexLock lock(mutex_);
    latest_.swap(latest);
  }
  /// Never null: a default T before the first was published.
  [[nodiscard]] std::shared_ptr<const T> latest() const {
    const MutexLock lock(mutex_);
    return latest_;
  }

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const T> latest_ GUARDED_BY(mutex_) = std::make_shared<const T>();
};

}  // namespace flux
