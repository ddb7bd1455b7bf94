#pragma once

#include <string>
#include <string_view>

#include "base/json_fwd.h"
#include "base/result.h"

/// JSON as Go's encoding/json reads and writes it, which is what all peers and all git notes speak (compat/api.md 4.1).
namespace flux {

/// Compact, keys in the order of insertion, `<`, `>`, `&`, U+2028 and U+2029 escaped, bytes that are not UTF-8 as
/// U+FFFD.
[[nodiscard]] std::string encode_json(const Json& json);

/// The first value in `text`; what follows it is ignored. Bytes that are not UTF-8 become U+FFFD. An object keeps every
/// occurrence of a key, so read it with member(). User error with the place when it is malformed, empty, or nested
/// deeper than kMaxJsonDepth.
[[nodiscard]] Result<Json> decode_json(std::string_view text);
inline constexpr int kMaxJsonDepth = 100;

/// The member whose key equals `key` but for ASCII case, the last one if there are several; nullptr when absent or
/// `object` is not an object.
[[nodiscard]] const Json* member(const Json& object, std::string_view key);

/// `what must be a string, not number`: the user error for a value of the wrong type.
[[nodiscard]] Failure wrong_type(std::string_view what, std::string_view wanted, const Json& found);

}  // namespace flux
