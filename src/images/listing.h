#pragma once

#include <cstddef>
#include <vector>

#include "images/repository.h"
#include "images/tag_pattern.h"
#include "model/image_ref.h"

namespace flux::images {

/// What list-images tells of a container's images (compat/api.md 6.3), in the name that the container writes.
struct Listing {
  ImageInfo current{};                  ///< of the tag that runs; the zero info when it has no metadata
  ImageInfo latest_filtered{};          ///< the zero info when no tag passes the filter
  std::vector<ImageInfo> available{};   ///< newest first, filter or not; of tags without metadata only the tag
  std::size_t new_available_count = 0;  ///< at its head, newer than `current`
  std::size_t filtered_count = 0;
  std::size_t new_filtered_count = 0;
};

/// Lists what is known, with the latest image as the filter has it, whether or not that can be decided (choose()
/// knows). What is no image is left out unless `all_tags`. Pure; 10,000 tags take some milliseconds.
[[nodiscard]] Listing list_images(const Repository& repository, const TagPattern& pattern, const ImageRef& running,
                                  bool all_tags = false);

}  // namespace flux::images
