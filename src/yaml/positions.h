#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "yaml/composer.h"

namespace flux::yaml {

/// Translates the parser's marks, which count code points after the byte order mark, to bytes of the text.
class Positions {
 public:
  explicit Positions(std::string_view text);

  /// Quick when asked for positions near the last one.
  [[nodiscard]] std::uint32_t byte_at(std::size_t code_point);
  /// Of a byte of the text, counted from 1.
  [[nodiscard]] std::size_t line_at(std::size_t byte) const;
  /// The place with `&anchor` and `!tag` cut off its front.
  [[nodiscard]] Place without_properties(Place place) const;
  /// The place of a literal or folded scalar with this value, without what merely follows (block_scalar.h).
  [[nodiscard]] Place of_block_scalar(Place place, std::string_view value) const;
  /// The place of a node that is not written, moved from the next token, which `starts_line` or not, back to the last
  /// indicator after the byte `from`, where the node before it ends.
  [[nodiscard]] Place of_absent(Place place, bool starts_line, std::uint32_t from) const;

 private:
  [[nodiscard]] bool starts_character(std::size_t byte) const;

  std::string_view text_;
  std::string_view body_;  ///< without a UTF-8 byte order mark, which the parser does not count
  std::size_t mark_size_ = 0;
  bool utf16_ = false;
  bool ascii_ = false;
  std::size_t code_point_ = 0;
  std::size_t byte_ = 0;
};

}  // namespace flux::yaml
