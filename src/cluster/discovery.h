#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/context.h"
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
  };
  Discovery(Client& client, Options options) : client_(client), options_(std::move(options)) {}

  /// The catalog, asked for anew when invalidated or older than max_age. An error only when neither /api nor /apis
  /// answers; one group-version that fails is noted in Catalog::failures().
  Result<std::shared_ptr<const Catalog>> catalog(const Bounded& ctx);
  /// Asks anew in any case.
  Result<std::shared_ptr<const Catalog>> refresh(const Bounded& ctx);
  /// The last one read, without a request; nullptr before the first.
  [[nodiscard]] std::shared_ptr<const Catalog> last() const;
  /// The next catalog() asks anew. For CRD changes; cheap, does not block.
  void invalidate();

 private:
  Client& client_;
  const Options options_;
  Mutex refreshing_;  // one refresh at a time; taken before mutex_
  mutable Mutex mutex_;
  std::shared_ptr<const Catalog> last_ GUARDED_BY(mutex_);
  Clock::time_point read_at_ GUARDED_BY(mutex_);
  std::uint64_t wanted_ GUARDED_BY(mutex_) = 1;  // counts invalidations
  std::uint64_t have_ GUARDED_BY(mutex_) = 0;
};

}  // namespace flux::cluster
