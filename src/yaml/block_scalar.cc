#include "yaml/block_scalar.h"

#include <algorithm>

#include "yaml/line_break.h"

namespace flux::yaml {
namespace {

std::size_t spaces_at_front(std::string_view text) { return std::min(text.find_first_not_of(' '), text.size()); }
std::size_t spaces_at_back(std::string_view text) { return text.size() - (text.find_last_not_of(' ') + 1); }

void drop_line(std::string_view& text) {
  while (!text.empty() && break_at_front(text) == 0) text.remove_prefix(1);
  text.remove_prefix(break_at_front(text));
}

/// Blanks in front of each line of text. They are not written anywhere, but the value has the same leading blank lines
/// as the text, and then the first line's blanks without them.
std::size_t indent_of(std::string_view written, std::string_view value) {
  drop_line(written);
  while (const auto size = break_at_front(value)) {
    value.remove_prefix(size);
    drop_line(written);
  }
  return spaces_at_front(written) - std::min(spaces_at_front(value), spaces_at_front(written));
}

bool has_text(std::string_view value) {
  while (const auto size = break_at_front(value)) value.remove_prefix(size);
  return !value.empty();
}

}  // namespace

std::size_t block_scalar_size(std::string_view written, std::string_view value) {
  const auto indicators = std::min(written.find_first_not_of("|>+-0123456789"), written.size());
  const auto chomping = written.substr(0, indicators).find_first_of("+-");
  const char chomp = chomping == std::string_view::npos ? ' ' : written[chomping];
  if (!has_text(value)) return value.empty() ? indicators : written.size();
  if (chomp == '+') return written.size();

  const auto indent = indent_of(written, value);
  for (;;) {
    const auto line = written.substr(0, written.size() - break_at_back(written));
    const auto spaces = spaces_at_back(line);
    const auto before = line.substr(0, line.size() - spaces);
    // Blanks beyond the indentation are text.
    const bool blank = spaces <= indent && break_at_back(before) > 0;
    if (!blank) return chomp == '-' ? line.size() : written.size();
    written = before;
  }
}

}  // namespace flux::yaml
