#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cluster/catalog.h"

namespace flux::cluster {

/// What one discovery document told, in order of preference within each group.
struct Discovered {
  bool aggregated = false;  ///< false: the server answered with a legacy document; then `versions` are to be asked
  std::vector<Resource> resources;
  std::vector<std::string>
      failures;  ///< group-versions, with their reason, whose types the server does not know itself
  std::vector<std::string> versions;  ///< legacy: `v1`, `apps/v1`, preferred version of each group first
  bool readable = false;              ///< false: not a discovery document
};

/// Reads the answer of /api or /apis in any form: APIGroupDiscoveryList (v2, v2beta1), APIVersions or APIGroupList.
[[nodiscard]] Discovered decode_discovery(std::string_view body);

/// Reads the answer of /api/v1 or /apis/apps/v1: APIResourceList. False when it is something else.
[[nodiscard]] bool decode_resource_list(std::string_view body, const std::string& group_version,
                                        std::vector<Resource>& to);

}  // namespace flux::cluster
