#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

/// JSON as Go's encoding/json reads and writes it, which is what all peers speak (compat/api.md 4.1).
namespace flux::api {

using Json = nlohmann::ordered_json;

/// Compact, keys in the order of insertion, `<`, `>`, `&`, U+2028 and U+2029 escaped, bytes that are not UTF-8 as
/// U+FFFD.
[[nodiscard]] std::string encode(const Json& json);

/// The first value in `text`; what follows it is ignored. User error with the place when it is malformed or empty.
[[nodiscard]] Result<Json> decode(std::string_view text);

/// The member whose key equals `key` but for ASCII case, the last one if there are several; nullptr when absent or
/// `object` is not an object.
[[nodiscard]] const Json* member(const Json& object, std::string_view key);

/// Text of a member: empty when absent or null. User error when it is something else.
[[nodiscard]] Result<std::string> string_member(const Json& object, std::string_view key);

}  // namespace flux::api
