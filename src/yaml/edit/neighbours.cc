#include "yaml/edit/neighbours.h"

#include <algorithm>

#include "yaml/edit/pieces.h"
#include "yaml/edit/quoting.h"
#include "yaml/edit/replacing.h"

namespace flux::yaml {
namespace {

bool has_quotes(Style style) { return style == Style::single_quoted || style == Style::double_quoted; }

bool is_written_scalar(Node value) {
  return !value.is_alias() && value.is_scalar() && value.span().begin < value.span().end;
}

/// Where a value may go without quotes, the last neighbour of which that is true, too, shows what is usual here; else
/// the last one that has quotes.
Style style_for_value(const std::vector<Node::Entry>& neighbours, std::string_view value, bool in_flow) {
  const bool is_free = is_safe_plain(value, in_flow);
  for (auto entry = neighbours.rbegin(); entry != neighbours.rend(); ++entry) {
    const auto& other = entry->value;
    if (!is_written_scalar(other)) continue;
    const bool tells = is_free ? other.is_string() && is_safe_plain(other.text(), in_flow) : has_quotes(other.style());
    if (tells) return other.style();
  }
  return Style::plain;
}

}  // namespace

std::vector<Node::Entry> entries_written(Node mapping) {
  std::vector<Node::Entry> entries;
  if (!mapping.is_mapping()) return entries;
  for (std::size_t i = 0; i < mapping.size(); ++i)
    if (auto entry = mapping.entry(i); !entry.merged_from) entries.push_back(entry);
  std::ranges::sort(entries, {}, [](const Node::Entry& entry) { return entry.key.span().begin; });
  return entries;
}

std::size_t column_of(std::string_view text, Node mapping) {
  const auto begin = line_begin(text, mapping.span().begin);
  const auto before = text.substr(begin, mapping.span().begin - begin);
  // An anchor before the first key is in the way.
  return std::min(before.find_first_not_of(" -:"), before.size());
}

std::size_t step_below(std::string_view text, Node mapping, std::optional<Node> outer) {
  const auto own = column_of(text, mapping);
  for (const auto& entry : entries_written(mapping)) {
    if (entry.value.is_alias() || !entry.value.is_mapping() || entry.value.style() == Style::flow) continue;
    if (const auto column = column_of(text, entry.value); column > own) return column - own;
  }
  if (outer && outer->is_mapping() && outer->style() != Style::flow)
    if (const auto column = column_of(text, *outer); column < own) return own - column;
  return 2;
}

std::string key_like(const std::vector<Node::Entry>& neighbours, std::string_view key, bool in_flow) {
  const auto style = neighbours.empty() ? Style::plain : neighbours.back().key.style();
  return quoted(key, style, in_flow);
}

std::string value_like(const std::vector<Node::Entry>& neighbours, std::string_view value, bool in_flow) {
  if (!neighbours.empty() && is_like_json(neighbours.back().key, in_flow))
    return quoted(value, Style::double_quoted, in_flow);
  return quoted(value, style_for_value(neighbours, value, in_flow), in_flow);
}

}  // namespace flux::yaml
