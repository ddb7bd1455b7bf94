#include "yaml/edit/change.h"

#include <fmt/format.h>

#include "yaml/json.h"

namespace flux::yaml {

std::string to_string(std::span<const Step> path) {
  if (path.empty()) return "the document";
  std::string out;
  for (const auto& step : path) {
    if (const auto* index = std::get_if<std::size_t>(&step))
      out += fmt::format("[{}]", *index);
    else
      out += (out.empty() ? "" : ".") + std::get<std::string>(step);
  }
  return out;
}

bool is_key(Node key, const std::string& step) {
  if (key.is_string()) return key.text() == step;
  return key.is_scalar() && !key.is_null() && scalar_text(key) == step;
}

std::optional<Node::Entry> member(Node mapping, const std::string& key) {
  if (!mapping.is_mapping()) return std::nullopt;
  for (std::size_t i = 0; i < mapping.size(); ++i)
    if (auto entry = mapping.entry(i); is_key(entry.key, key)) return entry;
  return std::nullopt;
}

std::optional<Node> node_at(Node root, std::span<const Step> path) {
  auto at = root;
  for (const auto& step : path) {
    if (const auto* index = std::get_if<std::size_t>(&step)) {
      if (!at.is_sequence() || *index >= at.size()) return std::nullopt;
      at = at.item(*index);
    } else {
      const auto found = member(at, std::get<std::string>(step));
      if (!found) return std::nullopt;
      at = found->value;
    }
  }
  return at;
}

}  // namespace flux::yaml
