#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "yaml/document.h"

/// Replacing pieces of a text, and the lines that they stand in. Line breaks are those of line_break.h.
namespace flux::yaml {

/// The bytes of `span` become `text`.
struct Piece {
  Span span;
  std::string text;
};

/// The text with all pieces replaced. They do not overlap; at one place they come in the order given.
[[nodiscard]] std::string with_pieces(std::string_view text, const std::vector<Piece>& pieces);

/// First byte of the line that `at` is in; after a byte order mark.
[[nodiscard]] std::uint32_t line_begin(std::string_view text, std::uint32_t at);
/// The end of that line, before its break.
[[nodiscard]] std::uint32_t line_end(std::string_view text, std::uint32_t at);
/// The beginning of the next line; the end of the text where there is none.
[[nodiscard]] std::uint32_t next_line(std::string_view text, std::uint32_t at);
/// The break that lines near `at` end with: that of its own line, else of the one before, else LF.
[[nodiscard]] std::string break_near(std::string_view text, std::uint32_t at);

[[nodiscard]] std::string_view bytes_of(std::string_view text, Span span);
[[nodiscard]] bool is_only_blanks(std::string_view text);

}  // namespace flux::yaml
