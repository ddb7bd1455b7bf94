#include "yaml/edit/replacing.h"

#include "yaml/edit/quoting.h"
#include "yaml/line_break.h"
#include "yaml/text_shape.h"

namespace flux::yaml {
namespace {

using Pieces = std::vector<Piece>;

Style style_for(const Node::Entry& entry, bool in_flow) {
  const auto style = entry.value.is_alias() ? Style::plain : entry.value.style();
  return style == Style::plain && is_like_json(entry.key, in_flow) ? Style::double_quoted : style;
}

/// A tag that says the value is something else than a string goes with the value, as far as it stands on its line.
std::uint32_t begin_with_tag(std::string_view text, const Node::Entry& entry) {
  const auto begin = entry.value.span().begin;
  const auto from = entry.key.span().end;
  if (from >= begin) return begin;
  const auto between = text.substr(from, begin - from);
  if (between.find_first_of("\n\r#") != std::string_view::npos) return begin;
  const auto tag = between.find(" !");
  if (tag == std::string_view::npos) return begin;
  const auto name = between.substr(tag + 1, between.find_first_of(" \t", tag + 1) - tag - 1);
  if (name == "!!str" || name == "!") return begin;
  return between.find('&', tag) == std::string_view::npos ? from + static_cast<std::uint32_t>(tag) + 1 : begin;
}

/// Where nothing is written, the value goes right after the colon, which is missing after `? key` and in `{key}`.
Pieces fill_in(std::string_view text, const Node::Entry& entry, std::string scalar, bool in_flow) {
  const auto at = entry.value.span().begin;
  const auto after_key = text.substr(entry.key.span().end, at - entry.key.span().end);
  if (after_key.find(':') != std::string_view::npos) return {{{at, at}, " " + std::move(scalar)}};
  if (in_flow) return {{{at, at}, ": " + std::move(scalar)}};
  const auto begin = line_begin(text, entry.key.span().begin);
  const auto mark = text.find('?', begin);
  const auto column = mark < entry.key.span().begin ? mark - begin : 0;
  const auto end = line_end(text, at);
  return {{{end, end}, break_near(text, at) + std::string(column, ' ') + ": " + std::move(scalar)}};
}

/// A block scalar that says `-` holds one line as well as several.
bool holds_a_line(std::string_view header, std::string_view value) {
  if (value.empty() || value.front() == ' ' || value.front() == '\t') return false;
  if (count_breaks(value) > 0 || !shape_of(value).literal) return false;
  return header.substr(0, 2) == "|-" || header.substr(0, 2) == ">-";
}

Pieces replace_block_scalar(std::string_view text, Span span, std::string_view value) {
  const auto header_end = line_end(text, span.begin);
  auto indicators = span.begin;
  while (indicators < header_end && std::string_view("|>+-0123456789").find(text[indicators]) != std::string_view::npos)
    ++indicators;
  auto body_end = span.end;
  if (body_end <= header_end) return {{{span.begin, indicators}, quoted(value, Style::plain, false)}};
  // The break after the last line of text, and blank lines that `+` keeps, are for whoever comes next.
  while (body_end > header_end && break_at_back(text.substr(0, body_end)) > 0) {
    const auto before = body_end - static_cast<std::uint32_t>(break_at_back(text.substr(0, body_end)));
    body_end = before;
    const auto begin = line_begin(text, before);
    if (begin > header_end && is_only_blanks(text.substr(begin, before - begin))) body_end = begin;
  }
  const auto header = text.substr(span.begin, indicators - span.begin);
  if (header.size() == 2 && holds_a_line(header, value)) {
    const auto body = next_line(text, span.begin);
    auto first = body;
    while (first < body_end && is_only_blanks(text.substr(first, line_end(text, first) - first)))
      first = next_line(text, first);
    const auto indent = text.substr(first, text.find_first_not_of(' ', first) - first);
    return {{{body, body_end}, std::string(indent).append(value)}};
  }
  return {{{span.begin, indicators}, quoted(value, Style::plain, false)}, {{header_end, body_end}, ""}};
}

}  // namespace

Pieces replace_value(std::string_view text, const Node::Entry& entry, std::string_view value, bool in_flow) {
  const auto& old = entry.value;
  const auto span = old.span();
  const auto style = style_for(entry, in_flow);
  if (span.begin == span.end) return fill_in(text, entry, quoted(value, style, in_flow), in_flow);
  if (!old.is_alias() && (style == Style::literal || style == Style::folded))
    return replace_block_scalar(text, span, value);
  return {{{begin_with_tag(text, entry), span.end}, quoted(value, style, in_flow)}};
}

}  // namespace flux::yaml
