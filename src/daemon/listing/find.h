#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "cluster/catalog.h"
#include "cluster/client.h"
#include "cluster/whole.h"
#include "model/resource_id.h"

namespace flux::daemon {

/// Which workloads of the cluster are asked for.
struct Selection {
  std::vector<std::string> allowed;  ///< namespaces that we may see; empty: all
  std::string ns;                    ///< only this one; empty: all that are allowed
  std::vector<ResourceId> ids;       ///< only these; empty: all. Never together with `ns`
};

/// The types whose objects are workloads, as far as the cluster serves them: Deployments, DaemonSets, StatefulSets,
/// CronJobs in the preferred version, HelmReleases of the Helm operator in both of its API groups, the current first.
[[nodiscard]] std::vector<cluster::Resource> workload_types(const cluster::Catalog& catalog);

/// The lists that give all workloads of a selection without ids.
[[nodiscard]] std::vector<cluster::ListOf> lists_for(const cluster::Catalog& catalog, const Selection& selection);

/// The objects to ask for when there are ids: those of other kinds and in other namespaces are left out.
[[nodiscard]] std::vector<cluster::Client::Target> targets_for(const cluster::Catalog& catalog,
                                                               const Selection& selection);

/// The selected workloads, each id once, add-ons left out. Kinds and objects that are not there, or that we may not
/// see, are passed over; any other failure is an error (compat/api.md 6.2).
Result<std::vector<cluster::LiveWorkload>> find_workloads(const Bounded& ctx, cluster::Client& client,
                                                          const cluster::Catalog& catalog, const Selection& selection);

}  // namespace flux::daemon
