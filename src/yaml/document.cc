#include "yaml/document.h"

namespace flux::yaml {

Document::Document() : texts_(std::make_unique<std::pmr::monotonic_buffer_resource>()) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

std::vector<std::pair<Node, Node>> Document::aliases() const {
  std::vector<std::pair<Node, Node>> found;
  for (std::uint32_t i = 0; i < cells_.size(); ++i)
    if (cells_[i].alias) found.emplace_back(Node(this, i), Node(this, cells_[i].payload.target));
  return found;
}

std::optional<Node> Node::find(std::string_view key) const {
  if (!is_mapping()) return std::nullopt;
  for (std::size_t i = 0; i < size(); ++i) {
    const auto pair = entry(i);
    if (pair.key.is_string() && pair.key.text() == key) return pair.value;
  }
  return std::nullopt;
}

}  // namespace flux::yaml
