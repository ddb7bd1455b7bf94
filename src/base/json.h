#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_fwd.h"

/// The one door to the JSON library. Its parser and its writer are templates that take a compiler about a second for
/// each source that calls them; here they are compiled once. What peers wrote is read with more care, by decode_json()
/// of model/json.h. All functions: any thread, no exceptions.
namespace flux {

/// The one value that `text` is. Nothing when it is malformed, not UTF-8 or followed by something else. Of equal keys
/// the last one wins.
[[nodiscard]] std::optional<Json> parse_json(std::string_view text);
[[nodiscard]] std::optional<SortedJson> parse_sorted_json(std::string_view text);

/// Compact. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string dump_json(const Json& json);
[[nodiscard]] std::string dump_json(const SortedJson& json);

}  // namespace flux
