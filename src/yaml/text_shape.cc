#include "yaml/text_shape.h"

#include <algorithm>
#include <array>

namespace flux::yaml {
namespace {

using namespace std::string_view_literals;

/// Bytes that never matter for the shape of a text: most of printable ASCII.
constexpr std::array<bool, 256> kOrdinary = [] {
  std::array<bool, 256> table{};
  for (int c = 0x21; c < 0x7F; ++c) table[static_cast<std::size_t>(c)] = c != ':' && c != '#';
  return table;
}();

unsigned char byte_at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

bool is_blank(std::string_view text, std::size_t i) { return i < text.size() && (text[i] == ' ' || text[i] == '\t'); }

/// Whether the first character alone says that the text is something else than plain.
bool starts_like_syntax(std::string_view text) {
  if (text.starts_with("---") || text.starts_with("...")) return true;
  if ("#,[]{}&*!|>'\"%@`"sv.find(text[0]) != std::string_view::npos) return true;
  return "?:-"sv.find(text[0]) != std::string_view::npos && (text.size() == 1 || is_blank(text, 1));
}

}  // namespace

std::size_t break_size(std::string_view text) {
  switch (byte_at(text, 0)) {
    case '\n':
    case '\r':
      return 1;
    case 0xC2:
      return byte_at(text, 1) == 0x85 ? 2 : 0;
    case 0xE2:
      return byte_at(text, 1) == 0x80 && (byte_at(text, 2) & 0xFEU) == 0xA8 ? 3 : 0;
    default:
      return 0;
  }
}

bool is_printable(std::string_view text) {
  const auto lead = byte_at(text, 0);
  if (lead < 0x80) return (lead >= 0x20 && lead < 0x7F) || lead == '\n';
  if (lead == 0xC2) return byte_at(text, 1) >= 0xA0;
  if (lead == 0xED) return byte_at(text, 1) < 0xA0;
  if (lead == 0xEF) {
    const bool is_mark = byte_at(text, 1) == 0xBB && byte_at(text, 2) == 0xBF;
    const bool is_none = byte_at(text, 1) == 0xBF && byte_at(text, 2) >= 0xBE;
    return !is_mark && !is_none;
  }
  return lead < 0xF0;
}

TextShape shape_of(std::string_view text) {
  if (text.empty()) return {.plain = true, .single_quoted = true, .literal = false, .multi_line = false};

  bool syntax = starts_like_syntax(text);
  bool special = false;
  bool multi_line = false;
  bool break_then_space = false;
  bool space_then_break = false;
  enum { other, space, line_break } previous = other;
  bool after_blank = true;

  for (std::size_t i = 0; i < text.size();) {
    if (kOrdinary[static_cast<unsigned char>(text[i])]) {
      previous = other;
      after_blank = false;
      ++i;
      continue;
    }
    const auto rest = text.substr(i);
    const auto size = character_size(text[i]);
    if (text[i] == ':' && i > 0) syntax = syntax || i + 1 == text.size() || is_blank(text, i + 1);
    if (text[i] == '#') syntax = syntax || after_blank;
    special = special || !is_printable(rest);
    if (text[i] == ' ') {
      break_then_space = break_then_space || previous == line_break;
      previous = space;
    } else if (break_size(rest) > 0) {
      multi_line = true;
      space_then_break = space_then_break || previous == space;
      previous = line_break;
    } else {
      previous = other;
    }
    after_blank = previous != other || text[i] == '\t';
    i += size;
  }

  const bool unclean_start = text[0] == ' ' || break_size(text) > 0;
  const bool unclean_end = previous != other;
  TextShape shape;
  shape.multi_line = multi_line;
  shape.single_quoted = !break_then_space && !space_then_break && !special;
  shape.literal = !space_then_break && !special && text.back() != ' ';
  shape.plain = shape.single_quoted && !unclean_start && !unclean_end && !multi_line && !syntax;
  return shape;
}

}  // namespace flux::yaml
