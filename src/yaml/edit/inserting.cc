#include "yaml/edit/inserting.h"

#include "yaml/edit/neighbours.h"
#include "yaml/edit/quoting.h"
#include "yaml/edit/replacing.h"
#include "yaml/line_break.h"

namespace flux::yaml {
namespace {

using Pieces = std::vector<Piece>;
using Entries = std::vector<Node::Entry>;

std::string spaces(std::size_t count) { return std::string(count, ' '); }

/// Below a mapping with quoted keys all is quoted, as far as neighbours tell.
std::string first_value(const Entries& around, std::string_view value) {
  return quoted(value, around.empty() ? Style::plain : around.back().key.style(), false);
}

/// Whether the text ends within a block scalar, to which a line break would be added.
bool ends_in_block_scalar(Node node) {
  while (!node.is_alias() && !node.is_scalar() && node.style() != Style::flow && node.size() > 0) {
    if (node.is_sequence()) {
      node = node.item(node.size() - 1);
      continue;
    }
    const auto entries = entries_written(node);
    if (entries.empty()) return false;
    node = entries.back().value;
  }
  return !node.is_alias() && (node.style() == Style::literal || node.style() == Style::folded);
}

/// Whole lines, after the line in which `end` is.
Pieces insert_lines(std::string_view text, std::uint32_t end, const std::string& lines) {
  // A block scalar has its last line break in it.
  if (const auto size = break_at_back(text.substr(0, end)))
    return {{{end, end}, lines + std::string(text.substr(end - size, size))}};
  const auto at = next_line(text, end);
  const auto brk = break_near(text, end);
  if (break_at_back(text.substr(0, at)) > 0) return {{{at, at}, lines + brk}};
  return {{{at, at}, brk + lines}};
}

std::string lines_of(std::string_view text, const Parent& parent, const NewMember& member) {
  const auto around = entries_written(parent.mapping);
  const auto indent = spaces(column_of(text, parent.mapping));
  const auto key = indent + key_like(around, member.key, false) + ":";
  if (!member.inner) return key + " " + value_like(around, member.value, false);
  return key + break_near(text, parent.mapping.span().begin) + indent +
         spaces(step_below(text, parent.mapping, parent.outer)) + key_like(around, *member.inner, false) + ": " +
         first_value(around, member.value);
}

}  // namespace

Pieces insert_member(std::string_view text, const Parent& parent, const NewMember& member) {
  if (parent.mapping.style() == Style::flow) return insert_in_flow(text, parent, member);
  const auto lines = lines_of(text, parent, member);
  const auto end = parent.mapping.span().end;
  const auto around = entries_written(parent.mapping);
  const bool is_cut_off = line_end(text, end) == text.size() && break_at_back(text) == 0;
  if (is_cut_off && !around.empty() && ends_in_block_scalar(parent.mapping)) {
    const auto before = line_begin(text, around.back().key.span().begin);
    return {{{before, before}, lines + break_near(text, before)}};
  }
  return insert_lines(text, end, lines);
}

Pieces insert_below_null(std::string_view text, const Parent& parent, const Node::Entry& entry,
                         const NewMember& member) {
  const auto around = entries_written(parent.mapping);
  const auto span = entry.value.span();
  if (parent.in_flow || parent.mapping.style() == Style::flow) {
    const bool json = is_like_json(entry.key, true);
    const auto style = json ? Style::double_quoted : Style::plain;
    const auto* const gap = json && text.substr(0, span.begin).ends_with(':') ? "" : " ";
    return {{span, (span.begin == span.end ? " {" : "{") + quoted(member.key, style, true) + ":" + gap +
                       quoted(member.value, style, true) + "}"}};
  }
  const auto column = column_of(text, parent.mapping);
  const auto indent = spaces(column + step_below(text, parent.mapping, parent.outer));
  auto pieces = insert_lines(text, span.end,
                             indent + key_like(around, member.key, false) + ": " + first_value(around, member.value));
  auto begin = span.begin;
  while (begin > entry.key.span().end && begin < span.end && text[begin - 1] == ' ') --begin;
  if (begin < span.end) pieces.push_back({{begin, span.end}, ""});
  return pieces;
}

}  // namespace flux::yaml
