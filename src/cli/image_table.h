#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/wire/image_status.h"

namespace flux::cli {

struct ImageTableOptions {
  std::int64_t limit = 10;  ///< of images of each container; 0 and less: all
  bool headers = true;
  bool wide = false;  ///< with digests
};

/// Which images there are for each container, with the one that runs marked (compat/fluxctl.md 2.2). The workloads come
/// in the order given, the images too.
[[nodiscard]] std::string image_table(const std::vector<api::ImageStatus>& workloads, const ImageTableOptions& options);

}  // namespace flux::cli
