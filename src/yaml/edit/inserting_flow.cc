#include <algorithm>

#include "yaml/edit/inserting.h"
#include "yaml/edit/neighbours.h"
#include "yaml/edit/quoting.h"
#include "yaml/edit/replacing.h"

namespace flux::yaml {
namespace {

using Pieces = std::vector<Piece>;
using Entries = std::vector<Node::Entry>;

std::string_view indent_of(std::string_view text, const Node::Entry& entry) {
  const auto begin = line_begin(text, entry.key.span().begin);
  return text.substr(begin, entry.key.span().begin - begin);
}

/// The last entry begins a line of its own.
bool stands_in_lines(std::string_view text, const Node::Entry& entry) { return is_only_blanks(indent_of(text, entry)); }

/// What is between key and value: `: `, or `:` where JSON is compact.
std::string colon_like(std::string_view text, const Node::Entry& entry) {
  const auto between = bytes_of(text, {entry.key.span().end, std::max(entry.key.span().end, entry.value.span().begin)});
  const bool usual = between.find(':') != std::string_view::npos &&
                     between.find_first_not_of(" :") == std::string_view::npos && !entry.value.is_alias();
  return usual && is_like_json(entry.key, true) ? std::string(between) : ": ";
}

std::string separator_like(std::string_view text, const Entries& entries, const std::string& colon) {
  if (entries.size() > 1) {
    const auto& last = entries[entries.size() - 1];
    const auto from = entries[entries.size() - 2].value.span().end;
    const auto between = bytes_of(text, {from, std::max(from, last.key.span().begin)});
    if (between.find_first_not_of(" ,") == std::string_view::npos && between.find(',') != std::string_view::npos)
      return std::string(between);
  }
  return colon == ":" ? "," : ", ";
}

std::string scalar_below(const Entries& around, std::string_view text, bool json) {
  const auto style = json || around.empty() ? Style::double_quoted : Style::plain;
  return quoted(text, json ? style : Style::plain, true);
}

/// By what mappings are indented below this one, which stands in lines: as it is itself, with tabs where it has some.
std::string_view indent_below(std::string_view text, const Parent& parent, const Entries& around) {
  const auto outer = parent.outer ? entries_written(*parent.outer) : Entries();
  if (outer.empty() || !stands_in_lines(text, outer.back())) return "  ";
  const auto own = indent_of(text, around.back());
  const auto above = indent_of(text, outer.back());
  return own.size() > above.size() ? own.substr(above.size()) : "  ";
}

/// The member, with a mapping of its own in lines where its neighbours stand in lines.
std::string written_member(std::string_view text, const Parent& parent, const Entries& around, const NewMember& member,
                           const std::string& line_start) {
  const bool json = !around.empty() && is_like_json(around.back().key, true);
  const auto colon = around.empty() ? ": " : colon_like(text, around.back());
  const auto key = key_like(around, member.key, true) + colon;
  if (!member.inner) return key + value_like(around, member.value, true);
  const auto inner = scalar_below(around, *member.inner, json) + colon + scalar_below(around, member.value, json);
  if (line_start.empty()) return key + "{" + inner + "}";
  return key + "{" + line_start + std::string(indent_below(text, parent, around)) + inner + line_start + "}";
}

/// Between brackets with nothing but white space, or a comment.
Pieces insert_first(std::string_view text, const Parent& parent, const NewMember& member) {
  const auto span = parent.mapping.span();
  const Span inside{span.begin + 1, span.end - 1};
  const auto neighbours = parent.outer ? entries_written(*parent.outer) : Entries();
  const bool json = !neighbours.empty() && is_like_json(neighbours.back().key, true);
  const auto style = json ? Style::double_quoted : Style::plain;
  const auto colon = json ? colon_like(text, neighbours.back()) : ": ";
  const auto scalar = [&](const std::string& one) { return quoted(one, style, true); };
  const auto below =
      member.inner ? "{" + scalar(*member.inner) + colon + scalar(member.value) + "}" : scalar(member.value);
  const auto added = scalar(member.key) + colon + below;
  const auto white = bytes_of(text, inside);
  // `{ }` has its space on both sides then.
  if (is_only_blanks(white)) return {{{inside.begin, inside.begin}, std::string(white) + added}};
  return {{{inside.end, inside.end}, added + " "}};
}

/// On a line of its own, like `last`; after a comment that stands beside that.
Pieces insert_line(std::string_view text, std::uint32_t bracket, std::uint32_t end, std::optional<std::uint32_t> comma,
                   const std::string& line) {
  const bool closes_beside = line_end(text, end) > bracket;
  const auto at = closes_beside ? (comma ? *comma + 1 : end) : line_end(text, end);
  if (comma) return {{{at, at}, line + ","}};
  return {{{end, end}, ","}, {{at, at}, line}};
}

}  // namespace

Pieces insert_in_flow(std::string_view text, const Parent& parent, const NewMember& member) {
  const auto around = entries_written(parent.mapping);
  if (around.empty()) return insert_first(text, parent, member);
  const auto& last = around.back();
  const auto bracket = parent.mapping.span().end - 1;
  const auto end = std::max(last.value.span().end, last.key.span().end);
  const auto after = static_cast<std::uint32_t>(text.find_first_not_of(" \t", end));
  const auto comma = text[after] == ',' ? std::optional(after) : std::nullopt;
  if (stands_in_lines(text, last)) {
    const auto line_start = break_near(text, last.key.span().begin) + std::string(indent_of(text, last));
    return insert_line(text, bracket, end, comma,
                       line_start + written_member(text, parent, around, member, line_start));
  }
  const auto added = written_member(text, parent, around, member, "");
  if (comma) return {{{after + 1, after + 1}, " " + added}};
  return {{{end, end}, separator_like(text, around, colon_like(text, last)) + added}};
}

}  // namespace flux::yaml
