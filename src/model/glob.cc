#include "model/glob.h"

namespace flux {

bool glob_match(std::string_view pattern, std::string_view text) {
  const auto first = pattern.find('*');
  if (first == std::string_view::npos) return pattern == text;
  const auto head = pattern.substr(0, first);
  const auto tail = pattern.substr(pattern.rfind('*') + 1);
  if (text.size() < head.size() + tail.size() || !text.starts_with(head) || !text.ends_with(tail)) return false;
  text = text.substr(head.size(), text.size() - head.size() - tail.size());
  pattern = pattern.substr(first + 1, pattern.size() - first - 1 - tail.size());
  while (!pattern.empty()) {
    const auto star = pattern.find('*');
    const auto piece = pattern.substr(0, star);
    const auto at = text.find(piece);
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + piece.size());
    pattern.remove_prefix(star == std::string_view::npos ? pattern.size() : star + 1);
  }
  return true;
}

}  // namespace flux
