#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace flux {

/// The latest of the values that one thread makes for others: what they take stays as it was. Any thread; nobody waits
/// for who makes the next.
template <class T>
class Published {
 public:
  void publish(T value) {
    auto latest = std::make_shared<const T>(std::move(value));
    const std::lock_guard lock(mutex_);
    latest_.swap(latest);
  }
  /// Never null: a default T before the first was published.
  [[nodiscard]] std::shared_ptr<const T> latest() const {
    const std::lock_guard lock(mutex_);
    return latest_;
  }

 private:
  mutable std::mutex mutex_;  ///< guards latest_
  std::shared_ptr<const T> latest_ = std::make_shared<const T>();
};

}  // namespace flux
