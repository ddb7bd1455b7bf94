#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/context.h"
#include "cluster/client.h"
#include "cluster/discovery.h"
#include "cluster/watch_cache.h"
#include "sync/own_parts.h"
#include "sync/plan.h"

namespace flux::sync {

/// A resource that could not be brought in step, and why.
struct ResourceError {
  std::string source;  ///< where git has it; empty for deletions
  Error error;
};

/// What became of a plan. Not an error in itself: one refused object does not stop the others.
struct Outcome {
  std::map<ResourceId, Applied> applied;  ///< also those that turned out to be up to date
  std::map<ResourceId, ResourceError> errors;
  std::vector<ResourceId> changed;   ///< objects that the cluster has differently now
  std::vector<ResourceId> replaced;  ///< of those: deleted and created again, as their manifests ask for (replace.h)
  std::vector<ResourceId> deleted;
  std::vector<ResourceId> changed_since;  ///< not deleted, because they are not as they were looked at
};

/// Where a plan is carried out. None is owned.
struct Cluster {
  std::string owner;  ///< whose types the cache watches (WatchCache::watch): the sync set's name
  cluster::Client& client;
  cluster::Discovery& discovery;
  cluster::WatchCache& cache;
  OwnPod own_pod{};
};

/// Carries out a plan: rank by rank, many at once within a rank; kinds that the cluster does not serve yet wait for
/// their CustomResourceDefinitions to be established; what is refused for immutable fields is deleted and created again
/// where its manifest asks for that. Then the deletions, by falling rank. Logs each change with its
/// reason. What the end of the context cuts off is an error of its resource.
Outcome execute(const Bounded& ctx, const Cluster& cluster, const Plan& plan, const PlanFacts& facts);

}  // namespace flux::sync
