#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "model/json.h"

/// How one image repository fares, as a part of `GET /v12/status`. Not in Flux v1.
namespace flux::api {

/// A tag that could not be looked at when it was last asked for.
struct FailingTag {
  std::string tag;
  std::string error;
  friend bool operator==(const FailingTag&, const FailingTag&) = default;
};

struct ImageHealth {
  std::string image{};        ///< canonical, without tag
  std::string credentials{};  ///< where they come from, never what they are: `shop:secret/pull`, `anonymous`
  std::int64_t tags = 0;      ///< that the registry listed last
  std::optional<Timestamp> last_success{};  ///< of listing them; nothing: not known yet
  std::optional<Timestamp> next_refresh{};  ///< nothing: under way
  std::string error{};                      ///< why they could not be listed last; empty: they could
  std::string help{};                       ///< what to do about it; often empty
  std::optional<Timestamp> failing_since{};
  std::int64_t failing_tag_count = 0;
  std::vector<FailingTag> failing_tags{};  ///< a handful of them
  friend bool operator==(const ImageHealth&, const ImageHealth&) = default;

  [[nodiscard]] bool well() const { return error.empty() && failing_tag_count == 0; }
};

[[nodiscard]] Json to_json(const ImageHealth& health);
[[nodiscard]] Result<ImageHealth> image_health_from_json(const Json& json);

}  // namespace flux::api
