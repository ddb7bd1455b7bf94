#pragma once

#include <nlohmann/json_fwd.hpp>

namespace flux {

/// Keeps the members of an object in the order in which they came.
using Json = nlohmann::ordered_json;
/// Keeps them sorted by key, and finds them quicker.
using SortedJson = nlohmann::json;

}  // namespace flux
