#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "model/image_info.h"

namespace flux::images {

/// What is known of one image repository since it was scanned last: the record of the contract (compat/daemon.md 6.9).
struct Repository {
  std::vector<std::string> tags;                ///< all that the registry listed, in its order
  std::map<std::string, ImageInfo> images;      ///< by tag; may lack entries, whose metadata could not be had
  std::map<std::string, std::string> excluded;  ///< tags that are no image for us, with the reason
  /// Tags that could not be looked at when they were asked for last, with the error. Filled for who asks why a tag is
  /// not chosen; not a part of the stored record.
  std::map<std::string, std::string> failed{};
  std::string last_error;                ///< of the last scan; empty when it went well
  std::optional<Timestamp> last_update;  ///< when a scan succeeded last; nothing: never
};

}  // namespace flux::images
