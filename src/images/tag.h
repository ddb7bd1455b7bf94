#pragma once

#include <algorithm>
#include <string_view>

#include "base/ascii.h"

namespace flux::images {

/// Whether it is a tag by the grammar of the distribution specification: what a registry tells becomes a part of
/// addresses and of log lines.
[[nodiscard]] inline bool is_tag(std::string_view text) {
  constexpr std::size_t kLongestTag = 128;
  const auto is_word = [](char c) { return (to_lower(c) >= 'a' && to_lower(c) <= 'z') || is_digit(c) || c == '_'; };
  return !text.empty() && text.size() <= kLongestTag && is_word(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return is_word(c) || c == '.' || c == '-'; });
}

}  // namespace flux::images
