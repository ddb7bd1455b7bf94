#pragma once

#include <optional>
#include <string>

#include "base/timestamp.h"
#include "model/image_ref.h"

namespace flux {

/// What is known of one image. Default-made it is the zero info, which stands for "none" (compat/api.md 5.2).
struct ImageInfo {
  ImageRef id;  ///< only a tag when there is no metadata (compat/api.md 6.3)
  std::string digest{};
  std::string image_id{};
  std::optional<Timestamp> build_date{};     ///< of the label org.label-schema.build-date
  std::optional<Timestamp> image_created{};  ///< of the label org.opencontainers.image.created
  std::optional<Timestamp> created_at{};
  std::optional<Timestamp> last_fetched{};
  friend bool operator==(const ImageInfo&, const ImageInfo&) = default;
};

[[nodiscard]] Json to_json(const ImageInfo& info);
/// Lenient: an id or a time that does not parse counts as absent, all else is kept.
[[nodiscard]] Result<ImageInfo> image_info_from_json(const Json& json);

}  // namespace flux
