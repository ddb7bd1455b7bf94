#pragma once

#include <string>
#include <string_view>

namespace flux::daemon {

/// The difference of two texts in lines, as `diff -u` shows it but without the two header lines: hunks with three lines
/// around each change. Empty when they are equal. Texts that differ in very many places are shown as one replacement.
[[nodiscard]] std::string unified_diff(std::string_view before, std::string_view after);

}  // namespace flux::daemon
