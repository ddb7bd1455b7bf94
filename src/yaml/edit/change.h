#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "yaml/document.h"

namespace flux::yaml {

/// A key, as the text that it is in JSON, or an index of a sequence.
using Step = std::variant<std::string, std::size_t>;

/// Where a node is below the root of its document.
using Path = std::vector<Step>;

/// What is to become of the member of a mapping.
struct Change {
  Path path;                         ///< ends with a key
  std::optional<std::string> value;  ///< a string, in UTF-8; nothing: the member goes
};

/// A document before it is changed, with its text and the line of its file in which that begins.
struct Original {
  std::string_view text;
  const Document& document;
  int first_line = 1;

  [[nodiscard]] int line_of(Node node) const { return first_line - 1 + node.line(); }
};

/// `spec.containers[0].image`; the document itself for the empty path.
[[nodiscard]] std::string to_string(std::span<const Step> path);

/// Whether the key is `step`, whatever it is written as.
[[nodiscard]] bool is_key(Node key, const std::string& step);

/// The member of a mapping that is in force, merged ones included.
[[nodiscard]] std::optional<Node::Entry> member(Node mapping, const std::string& key);

/// The node under `path`, through aliases and merges; nothing where there is none.
[[nodiscard]] std::optional<Node> node_at(Node root, std::span<const Step> path);

}  // namespace flux::yaml
