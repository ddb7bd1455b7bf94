#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/fair_semaphore.h"
#include "base/guarded.h"
#include "base/result.h"
#include "cluster/catalog.h"
#include "cluster/client.h"

namespace flux::cluster {

/// Finds out what the API server serves, with two requests where it has aggregated discovery (Kubernetes 1.26), else
/// document by document. Any thread.
class Discovery {
 public:
  struct Options {
    std::vector<std::string> excluded;           ///< globs of --k8s-unsafe-exclude-resource
    Duration max_age = std::chrono::minutes(5);  ///< extension servers come and go without a CRD event
    /// The same for a catalog with failures: short enough to notice that an extension server is back, long enough not
    /// to ask one that is dead with every sync.
    Duration max_age_of_incomplete = std::chrono::seconds(15);
  };
  Discovery(Client& client, Options options) : client_(client), options_(std::move(options)) {}

  /// The catalog, asked for anew when invalidated or too old. An error only when neither /api nor /apis answers; one
  /// group-version that fails is noted in Catalog::failures(). The same pointer as before when nothing has changed.
  Result<std::shared_ptr<const Catalog>> catalog(const Bounded& ctx);
  /// What was asked for after this call began, by this caller or by another one.
  Result<std::shared_ptr<const Catalog>> refresh(const Bounded& ctx);
  /// The last one read, without a request; nullptr before the first.
  [[nodiscard]] std::shared_ptr<const Catalog> last() const;
  /// The next catalog() asks anew. For CRD changes; cheap, does not block.
  void invalidate();

 private:
  Client& client_;
  const Options options_;
  FairSemaphore refreshing_{1, "an earlier discovery to end"};
  mutable Mutex mutex_;
  std::shared_ptr<const Catalog> last_ GUARDED_BY(mutex_);
  Clock::time_point too_old_at_ GUARDED_BY(mutex_);
  std::uint64_t wanted_ GUARDED_BY(mutex_) = 1;  // counts invalidations
  std::uint64_t have_ GUARDED_BY(mutex_) = 0;
  std::uint64_t begun_ GUARDED_BY(mutex_) = 0;  // counts refreshes
};

}  // namespace flux::cluster
