#pragma once

#include <cstddef>
#include <string_view>

namespace flux::yaml {

/// How much of `written` is the literal or folded scalar at its front, in bytes; `written` begins with the indicator
/// and goes at least as far as the blank lines after the scalar. `value` is what the parser made of it.
///
/// It ends with the last line of text: before that line's break with `-`, after it without chomping indicator, and with
/// `+` after the blank lines that follow, because they are part of the value. Without any text it ends with the
/// indicators, before a comment beside them.
[[nodiscard]] std::size_t block_scalar_size(std::string_view written, std::string_view value);

}  // namespace flux::yaml
