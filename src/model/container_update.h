#pragma once

#include <string>

#include "model/image_ref.h"

namespace flux {

/// One container's image: asked for in a containers release, reported in results (compat/api.md 5.5).
struct ContainerUpdate {
  std::string container;
  ImageRef current;  ///< in a request: do nothing unless this runs; zero: whatever runs
  ImageRef target;
  friend bool operator==(const ContainerUpdate&, const ContainerUpdate&) = default;
};

/// Leaves `Current` out when there is none: peers cannot read an empty one (compat/api.md 11, row 13).
[[nodiscard]] Json to_json(const ContainerUpdate& update);
/// Takes an empty or null `Current` as none, which Flux v1 writes but refuses.
[[nodiscard]] Result<ContainerUpdate> container_update_from_json(const Json& json);

}  // namespace flux
