#pragma once

#include <set>

#include "cluster/client.h"
#include "sync/plan.h"

/// Objects that belong to a controller by design, or that are done, though git has them.
namespace flux::sync {

/// Whether a controller keeps the object and would change it back: the Endpoints of a Service that has a selector in
/// git, and an EndpointSlice that says that one of Kubernetes' own controllers manages it.
[[nodiscard]] bool is_controllers(const ResourceId& id, const Desired& desired, const DesiredSet& all);

/// The Endpoints that is_controllers() may answer otherwise for when the Service `id` changes; nothing for any other
/// id.
[[nodiscard]] std::optional<ResourceId> depends_on_service(const ResourceId& id);

/// A Pod that ends by itself: its restartPolicy is Never or OnFailure.
[[nodiscard]] bool is_run_once(const Manifest& manifest);

/// Those Pods that have ended, of the ones that we applied and do not know it of yet. Asks for each that is still
/// there. That they are removed later, by whomever, does not mean that they are missing.
[[nodiscard]] std::set<ResourceId> find_ended(const Bounded& ctx, cluster::Client& client,
                                              const cluster::Catalog& catalog, const DesiredSet& desired,
                                              const AppliedSet& applied, const LiveSet& live);

}  // namespace flux::sync
