#include "yaml/line_break.h"

#include <algorithm>

namespace flux::yaml {

std::size_t break_at_front(std::string_view text) {
  switch (text.empty() ? '\0' : text.front()) {
    case '\n':
      return 1;
    case '\r':
      return text.starts_with("\r\n") ? 2 : 1;
    case '\xC2':
      return text.starts_with("\u0085") ? 2 : 0;
    case '\xE2':
      return text.starts_with("\u2028") || text.starts_with("\u2029") ? 3 : 0;
    default:
      return 0;
  }
}

std::size_t break_at_back(std::string_view text) {
  switch (text.empty() ? '\0' : text.back()) {
    case '\n':
      return text.ends_with("\r\n") ? 2 : 1;
    case '\r':
      return 1;
    case '\x85':
      return text.ends_with("\u0085") ? 2 : 0;
    case '\xA8':
    case '\xA9':
      return text.ends_with("\u2028") || text.ends_with("\u2029") ? 3 : 0;
    default:
      return 0;
  }
}

std::size_t count_breaks(std::string_view text) {
  // All but LF are rare, and LF is counted many at a time.
  auto count = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  for (const std::string_view other : {"\r", "\u0085", "\u2028", "\u2029"})
    for (auto at = text.find(other); at != std::string_view::npos; at = text.find(other, at + 1))
      if (other != "\r" || text.substr(at + 1, 1) != "\n") ++count;
  return count;
}

}  // namespace flux::yaml
