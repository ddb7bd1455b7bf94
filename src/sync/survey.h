#pragma once

#include <map>
#include <set>
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
  std::map<ResourceId, Error> unseen;   ///< as PlanFacts::unseen
};

/// The types that git uses, as the watch cache lists them, each once.
[[nodiscard]] std::vector<cluster::Resource> types_of(const cluster::Catalog& catalog, const DesiredSet& desired);

/// What a survey is for. None is owned.
struct SurveyFacts {
  const cluster::Catalog& catalog;
  const DesiredSet& desired;
  const AppliedSet& applied;
  const std::set<std::string>& allowed_namespaces;  ///< empty: all
  const std::set<ResourceId>* only = nullptr;       ///< as PlanFacts::only
};

/// Looks at the cluster for one sync: every managed object as of `snapshot` (of the watch cache); and, for resources
/// that were never applied by this process and that nobody marked, the objects that may be there already: somebody may
/// have asked there to leave them alone, or kubectl may own their fields.
///
/// What cannot be looked up, alone or with its type, is unseen, and so is what half of the time that is left did not
/// suffice for: the rest goes on, and the other half is for applying it. Errors: the API server does not answer or does
/// not know who we are; cancelled.
Result<Survey> survey_cluster(const Bounded& ctx, cluster::Client& client, const cluster::WatchCache& cache,
                              LiveSet snapshot, const SurveyFacts& facts);

}  // namespace flux::sync
