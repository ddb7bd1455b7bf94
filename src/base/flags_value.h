#pragma once

#include <string>
#include <string_view>

#include "base/flags.h"

namespace flux {

/// Stores `text` into the field of a flag. `first` is false from the second occurrence on: lists then append.
/// Errors are worded as Go's strconv, time and csv packages do.
Result<void> store_flag_value(const FlagField& field, const std::string& text, bool first);

/// What the usage text says after the name: `string`, `duration`; empty for a boolean.
[[nodiscard]] std::string_view flag_type_name(const FlagField& field);

/// What the field holds, as the usage text shows it; empty when there is nothing to show (zero values, secrets).
[[nodiscard]] std::string flag_default_text(const FlagField& field);

/// `text` as an error message may show it: a password in a URL, and what follows `=` in an argument that looks like a
/// flag, give `<redacted>`.
[[nodiscard]] std::string without_secrets(std::string_view text);

}  // namespace flux
