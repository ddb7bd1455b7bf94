#pragma once

#include <vector>

#include "api/wire/container.h"
#include "model/resource_id.h"

namespace flux::api {

/// A workload with the images of its containers, for list-images (compat/api.md 5.3).
struct ImageStatus {
  ResourceId id;
  std::vector<Container> containers;
  friend bool operator==(const ImageStatus&, const ImageStatus&) = default;
};

/// An empty list is null, and so are empty containers.
[[nodiscard]] Json to_json(const std::vector<ImageStatus>& list);
[[nodiscard]] Result<std::vector<ImageStatus>> image_statuses_from_json(const Json& json);

}  // namespace flux::api
