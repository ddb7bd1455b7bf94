#include "yaml/edit/removing.h"

#include <algorithm>

#include "yaml/edit/change.h"
#include "yaml/edit/neighbours.h"
#include "yaml/line_break.h"

namespace flux::yaml {
namespace {

using Pieces = std::vector<Piece>;
using Entries = std::vector<Node::Entry>;

std::uint32_t end_of(const Node::Entry& entry) { return std::max(entry.key.span().end, entry.value.span().end); }

bool starts_line(std::string_view text, std::uint32_t at) {
  const auto begin = line_begin(text, at);
  return text.substr(begin, at - begin).find_first_not_of(' ') == std::string_view::npos;
}

/// Before `? ` and the properties of a key, which are on its line.
std::uint32_t begin_of(std::string_view text, const Node::Entry& entry) {
  const auto key = entry.key.span().begin;
  const auto begin = line_begin(text, key);
  const auto before = text.substr(begin, key - begin);
  const auto first = before.find_first_not_of(' ');
  if (first == std::string_view::npos) return key;
  return std::string_view("?&!").find(before[first]) != std::string_view::npos
             ? begin + static_cast<std::uint32_t>(first)
             : key;
}

/// `before` is where the member before ends: with the break of its last line, if that is a block scalar.
Pieces remove_lines(std::string_view text, Span span, std::uint32_t before) {
  auto begin = line_begin(text, span.begin);
  const bool complete = break_at_back(text.substr(0, span.end)) > 0;
  const auto end = complete ? span.end : next_line(text, span.end);
  // A text that ends without a line break goes on doing so.
  if (begin > before && break_at_back(text.substr(0, end)) == 0)
    begin -= static_cast<std::uint32_t>(break_at_back(text.substr(0, begin)));
  return {{{begin, end}, ""}};
}

/// Without its only member the mapping would be a null.
Pieces leave_brackets(std::string_view text, const Node::Entry& entry) {
  auto end = end_of(entry);
  while (end > entry.key.span().end && break_at_back(text.substr(0, end)) > 0)
    end -= static_cast<std::uint32_t>(break_at_back(text.substr(0, end)));
  return {{{begin_of(text, entry), end}, "{}"}};
}

Pieces remove_from_block(std::string_view text, const Entries& entries, std::size_t index) {
  const auto begin = begin_of(text, entries[index]);
  const auto before = index == 0 ? 0 : end_of(entries[index - 1]);
  if (starts_line(text, begin)) return remove_lines(text, {begin, end_of(entries[index])}, before);
  // After a dash: the next member takes its place.
  if (index + 1 < entries.size()) return {{{begin, begin_of(text, entries[index + 1])}, ""}};
  return {};
}

Pieces remove_from_flow(std::string_view text, const Entries& entries, std::size_t index) {
  const auto begin = entries[index].key.span().begin;
  auto end = end_of(entries[index]);
  if (index + 1 == entries.size()) {
    if (index == 0) return {{{begin, end}, ""}};
    return {{{end_of(entries[index - 1]), end}, ""}};
  }
  const auto next = entries[index + 1].key.span().begin;
  const auto comma = text.find(',', end);
  if (starts_line(text, begin) && comma < next && starts_line(text, next)) {
    const auto rest = text.substr(comma + 1, line_end(text, static_cast<std::uint32_t>(comma)) - comma - 1);
    const auto word = rest.find_first_not_of(" \t");
    if (word == std::string_view::npos || rest[word] == '#')
      return {{{line_begin(text, begin), next_line(text, static_cast<std::uint32_t>(comma))}, ""}};
  }
  return {{{begin, next}, ""}};
}

}  // namespace

Pieces remove_member(std::string_view text, Node mapping, const std::string& key) {
  const auto entries = entries_written(mapping);
  const auto found = std::ranges::find_if(entries, [&](const Node::Entry& entry) { return is_key(entry.key, key); });
  if (found == entries.end()) return {};
  const auto index = static_cast<std::size_t>(found - entries.begin());
  if (mapping.style() == Style::flow) return remove_from_flow(text, entries, index);
  // A merge key beside it is no entry, but within the mapping.
  const Span own{begin_of(text, *found), end_of(*found)};
  const bool is_all = mapping.span().begin >= own.begin && mapping.span().end <= own.end;
  return is_all ? leave_brackets(text, *found) : remove_from_block(text, entries, index);
}

}  // namespace flux::yaml
