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
  std::size_t count = 0;
  while (!text.empty()) {
    const auto size = break_at_front(text);
    if (size > 0) ++count;
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return count;
}

}  // namespace flux::yaml
