#pragma once

#include <cstddef>
#include <string_view>

namespace flux::yaml {

/// What a text allows when written as a scalar in block context, by the rules of libyaml's emitter.
struct TextShape {
  bool plain = true;
  bool single_quoted = true;
  bool literal = true;
  bool multi_line = false;
};

[[nodiscard]] TextShape shape_of(std::string_view text);

/// Length of the line break at the front of `text`: LF, CR, NEL, LS or PS; 0 when there is none.
[[nodiscard]] std::size_t break_size(std::string_view text);

/// Length in bytes of the UTF-8 character that `lead` starts.
[[nodiscard]] constexpr std::size_t character_size(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// Whether the character at the front may stand in a scalar unescaped. Characters beyond the basic plane may not.
[[nodiscard]] bool is_printable(std::string_view text);

}  // namespace flux::yaml
