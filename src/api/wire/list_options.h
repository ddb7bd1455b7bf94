#pragma once

#include <string>
#include <vector>

#include "model/resource_id.h"

/// What to list (compat/api.md 3, 5.4 and 6).
namespace flux::api {

struct ListServicesOptions {
  std::string ns{};                    ///< empty: all that the daemon may see
  std::vector<ResourceId> services{};  ///< only these; empty: all. Never together with `ns`
};

struct ListImagesOptions {
  ResourceId service{};                         ///< only this one; empty: all
  std::vector<std::string> container_fields{};  ///< names of JSON keys; empty: all nine
  std::string ns{};                             ///< empty: all that the daemon may see. Never together with `service`
  bool all_tags = false;                        ///< also what is no image, with the reason; not in Flux v1
};

}  // namespace flux::api
