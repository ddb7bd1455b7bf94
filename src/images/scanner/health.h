#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "images/record.h"

namespace flux::images {

/// A tag that could not be looked at when it was last asked for.
struct FailingTag {
  std::string tag;
  std::string error;
  friend bool operator==(const FailingTag&, const FailingTag&) = default;
};

/// How one image repository fares, for people and for metrics. Never a credential.
struct ImageHealth {
  static constexpr std::size_t kMostTags = 5;  ///< in `failing_tags`

  std::string image{};                       ///< canonical, without tag
  std::string credentials{};                 ///< Credential::from; empty: it is asked as anybody
  std::size_t tags = 0;                      ///< that the registry listed last
  std::optional<Timestamp> last_success{};   ///< of listing its tags; nothing: never, or not known yet
  std::optional<Timestamp> next_refresh{};   ///< when its tags will be listed again; nothing: this is under way
  std::string error{};                       ///< why they could not be listed last; empty: they could
  std::string help{};                        ///< what to do about the error; often empty
  std::optional<Timestamp> failing_since{};  ///< since when that is so, as far as this process knows
  std::size_t failing_tag_count = 0;         ///< of those that are listed
  std::vector<FailingTag> failing_tags{};    ///< the first of them by name, kMostTags at most
  friend bool operator==(const ImageHealth&, const ImageHealth&) = default;
};

/// What the record says of it: tags, last success, error, tags that fail. The rest is for others to know. Pure.
[[nodiscard]] ImageHealth health_of(const Record& record);

}  // namespace flux::images
