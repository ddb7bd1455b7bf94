#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/context.h"
#include "cluster/client.h"
#include "cluster/watch_cache.h"
#include "sync/plan.h"

namespace flux::sync {

/// What the cluster holds of interest, and what of it could not be seen.
struct Survey {
  LiveSet live;
  std::vector<std::string> incomplete;  ///< as PlanFacts::incomplete
  std::uint64_t generation = 0;         ///< of the watch cache that all of it comes from
  bool asked = false;                   ///< something that nobody watches had to be asked for
};

/// The types that git uses, as the watch cache lists them, each once.
[[nodiscard]] std::vector<cluster::Resource> types_of(const cluster::Catalog& catalog, const DesiredSet& desired);

/// Looks at the cluster for one sync: every managed object out of the watch cache, without a request once it runs; and,
/// for resources that were never applied by this process and that nobody marked, the objects that may be there
/// already: somebody may have asked there to leave them alone, or kubectl may own their fields.
/// `everywhere`: types that nobody watches are listed once more; needed at the start and when the served types have
/// changed. In between nobody but us marks objects. Blocks until the cache has listed what was asked for. Errors: the
/// API server does not answer; cancelled.
Result<Survey> survey_cluster(const Bounded& ctx, cluster::Client& client, cluster::WatchCache& cache,
                              const cluster::Catalog& catalog, const DesiredSet& desired, const AppliedSet& applied,
                              bool everywhere);

}  // namespace flux::sync
