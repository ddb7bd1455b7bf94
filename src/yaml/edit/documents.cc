#include "yaml/edit/documents.h"

#include <algorithm>

#include "yaml/edit/pieces.h"
#include "yaml/line_break.h"

namespace flux::yaml {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool ends_word(std::string_view text, std::size_t at) {
  return at >= text.size() || text[at] == ' ' || text[at] == '\t' || break_at_front(text.substr(at)) > 0;
}

bool has_mark(std::string_view text, std::size_t at, std::string_view mark) {
  return text.substr(at).starts_with(mark) && ends_word(text, at + mark.size());
}

/// Whether anything but comments, directives and end marks is in there: a document without `---`.
bool holds_content(std::string_view text, std::size_t from, std::size_t to) {
  for (auto at = from; at < to; at = next_line(text, static_cast<std::uint32_t>(at))) {
    auto line = text.substr(at, line_end(text, static_cast<std::uint32_t>(at)) - at);
    // The parser passes over one in each line.
    if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
    const auto first = line.find_first_not_of(" \t");
    if (first != std::string_view::npos && line[first] != '#' && line[0] != '%' && !has_mark(text, at, "..."))
      return true;
  }
  return false;
}

/// The next `---` at the beginning of a line.
std::size_t next_mark(std::string_view text, std::size_t from) {
  for (auto at = text.find("---", from); at != std::string_view::npos; at = text.find("---", at + 1)) {
    const auto before = text.substr(0, at);
    const bool starts_line = before.empty() || before == kByteOrderMark || break_at_back(before) > 0;
    if (starts_line && ends_word(text, at + 3)) return at;
  }
  return text.size();
}

/// Directives, and comments among them, belong to the `---` below them: what follows the last `...` does, too.
std::size_t with_directives(std::string_view text, std::size_t from, std::size_t mark) {
  auto begin = mark;
  for (auto at = mark; at > from;) {
    at = line_begin(text, static_cast<std::uint32_t>(at - 1));
    if (at < from) break;
    const auto line = text.substr(at, line_end(text, static_cast<std::uint32_t>(at)) - at);
    const auto first = line.find_first_not_of(" \t");
    if (line.starts_with('%')) begin = at;
    if (first != std::string_view::npos && line[0] != '%' && line[first] != '#') break;
  }
  return begin;
}

}  // namespace

std::optional<Span> document_span(std::string_view text, int number) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return std::nullopt;
  auto mark = next_mark(text, 0);
  std::size_t begin = 0;
  int count = 0;
  if (holds_content(text, line_begin(text, 0), mark)) {
    const auto end = mark == text.size() ? mark : with_directives(text, 0, mark);
    if (++count == number) return Span{0, static_cast<std::uint32_t>(end)};
    begin = end;
  }
  while (mark < text.size()) {
    const auto next = next_mark(text, mark + 3);
    const auto end = next == text.size() ? next : with_directives(text, mark + 3, next);
    if (++count == number) return Span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    begin = end;
    mark = next;
  }
  return std::nullopt;
}

}  // namespace flux::yaml
