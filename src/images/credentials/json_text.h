#pragma once

#include <string>

#include "base/json.h"

namespace flux::images {

/// The text under `key`; empty when there is none, or something else, or `object` is none.
[[nodiscard]] inline std::string text_at(const Json& object, const char* key) {
  const auto at = object.is_object() ? object.find(key) : object.end();
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

}  // namespace flux::images
