#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/image_info.h"

namespace flux::api {

/// A container with its images (compat/api.md 5.3). In list-workloads only `name` and `current.id` are filled,
/// and `available_error` where the filter of its tags is not valid; Flux v1 never sets that one.
struct Container {
  std::string name;
  ImageInfo current{};
  ImageInfo latest_filtered{};
  std::vector<ImageInfo> available{};
  std::string available_error{};
  std::int64_t available_count = 0;
  std::int64_t new_available_count = 0;
  std::int64_t filtered_count = 0;
  std::int64_t new_filtered_count = 0;
  std::map<std::string, std::string>
      excluded{};  ///< only with `all_tags`: tags of `available` that are no image, and why
  friend bool operator==(const Container&, const Container&) = default;
};

[[nodiscard]] Json to_json(const Container& container);
[[nodiscard]] Result<Container> container_from_json(const Json& json);

/// Clears what `fields`, names of JSON keys as in `containerFields`, do not ask for; no fields are all of them. User
/// error for a name that is none. Current and LatestFiltered stay as zero infos (compat/api.md 3 and 5.3).
[[nodiscard]] Result<void> keep_fields(Container& container, const std::vector<std::string>& fields);

}  // namespace flux::api
