#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "cluster/catalog.h"
#include "cluster/client.h"

namespace flux::daemon {

/// Each namespace that we may see (`allowed`; empty: all), followed by its workloads, as YAML documents separated by
/// `---` (compat/api.md 6.1). Objects as the cluster has them, status included, but without managedFields: they are of
/// no use to anybody who saves a manifest, and no API server takes them back. Empty when there is nothing.
Result<std::string> export_workloads(const Bounded& ctx, cluster::Client& client, const cluster::Catalog& catalog,
                                     const std::vector<std::string>& allowed);

}  // namespace flux::daemon
