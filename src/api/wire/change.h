#pragma once

#include <string>
#include <variant>

#include "model/json.h"

namespace flux::api {

/// Something was pushed to a git repository, not necessarily ours.
struct GitChange {
  std::string url;
  std::string branch;
  friend bool operator==(const GitChange&, const GitChange&) = default;
};

/// A new image was pushed under this name.
struct ImageChange {
  std::string domain;
  std::string image;
  friend bool operator==(const ImageChange&, const ImageChange&) = default;
};

/// The body of a notification (compat/api.md 5.9).
using Change = std::variant<GitChange, ImageChange>;

[[nodiscard]] Json to_json(const Change& change);
/// User error when the kind is unknown or the shape is not that of the kind.
[[nodiscard]] Result<Change> change_from_json(const Json& json);

}  // namespace flux::api
