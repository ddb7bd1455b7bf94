#pragma once

#include <string_view>

#include "cluster/json_reader.h"
#include "cluster/object.h"

namespace flux::cluster {

inline constexpr int kListTries = 3;  ///< of a list whose continue token expires half way

/// Walks through one page of a list. `item()` must consume an item with exactly one call of `json`. False when the text
/// is no list; `json` knows whether it was cut short.
template <class Item>
[[nodiscard]] bool read_list(JsonReader& json, Page& page, Item&& item) {
  bool is_list = false;
  json.object([&](std::string_view key) {
    if (key == "metadata")
      return json.object([&](std::string_view field) {
        is_list = true;
        if (field == "resourceVersion") return json.string(page.resource_version);
        if (field == "continue") return json.string(page.next);
        json.skip();
      });
    if (key == "items") return json.array(item);
    json.skip();
  });
  return is_list;
}

}  // namespace flux::cluster
