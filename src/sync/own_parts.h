#pragma once

#include <set>
#include <string>

#include "base/json_fwd.h"
#include "cluster/client.h"

/// What of a cluster this very daemon consists of: deleting it, even for a moment, might be the last thing it does.
namespace flux::sync {

/// The pod that we run in. Its name is its host name, unless it uses the network of its node.
struct OwnPod {
  std::string ns;  ///< empty: outside of a cluster
  std::string name;
};

/// All of it comes from the pod: it names its service account, its Secrets and ConfigMaps, and its owners, who name
/// theirs.
struct OwnParts {
  std::string ns;       ///< empty: outside of a cluster, where nothing is ours
  std::string unknown;  ///< why the rest is not known; empty: it is
  std::string service_account;
  std::set<std::string> uids;   ///< of the pod and of all its owners
  std::set<std::string> files;  ///< what the pod mounts or reads: `Secret/NAME`, `ConfigMap/NAME`
};

/// Asks the cluster; needs the right to get the pod and its owners.
[[nodiscard]] OwnParts find_own_parts(const Bounded& ctx, cluster::Client& client, const cluster::Catalog& catalog,
                                      const OwnPod& pod);

/// Why an object, as the API server has it, belongs to this daemon; empty when it does not. Where the parts are not
/// known, whatever they may be does: everything in our namespace and everything that is in none, and who may do what.
[[nodiscard]] std::string why_own(const OwnParts& parts, const cluster::Resource& resource, const Json& object);

}  // namespace flux::sync
