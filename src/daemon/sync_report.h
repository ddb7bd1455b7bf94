#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/duration.h"
#include "base/timestamp.h"
#include "daemon/desired.h"
#include "sync/execute.h"

namespace flux::daemon {

/// How one sync ended.
struct SyncEnd {
  Timestamp at;
  Duration took{};
  std::string revision;        ///< that was tried
  std::optional<Error> error;  ///< why it was not completed; nothing: it was
};

/// What is known after a sync, for those who ask on other threads. Immutable once published.
struct SyncReport {
  DesiredView desired;                               ///< read last, whether or not the sync got further
  std::map<ResourceId, sync::ResourceError> errors;  ///< of the latest completed sync
  std::string live_revision;            ///< that the cluster was brought in step with last; empty: none yet
  std::optional<Timestamp> live_since;  ///< when it first was
  std::optional<SyncEnd> last;          ///< nothing before the first has ended
};

/// Where the loop leaves its latest report. Any thread; nobody waits for a sync.
class SyncBoard {
 public:
  void publish(SyncReport report) {
    auto latest = std::make_shared<const SyncReport>(std::move(report));
    const std::lock_guard lock(mutex_);
    latest_.swap(latest);
  }
  /// Never null.
  [[nodiscard]] std::shared_ptr<const SyncReport> latest() const {
    const std::lock_guard lock(mutex_);
    return latest_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const SyncReport> latest_ = std::make_shared<const SyncReport>();
};

}  // namespace flux::daemon
