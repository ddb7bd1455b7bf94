#pragma once

#include "cluster/object.h"

namespace flux::cluster {

/// Secrets, as every API server has them: what is kept in one must not wait for discovery.
[[nodiscard]] inline const Resource& secrets() {
  static const Resource resource{{"v1", "Secret"}, "secrets", true, true, true, true, true};
  return resource;
}

}  // namespace flux::cluster
