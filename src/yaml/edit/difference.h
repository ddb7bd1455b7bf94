#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "yaml/document.h"
#include "yaml/edit/change.h"

namespace flux::yaml {

/// A place at which two documents say different things, as deep as both have something there. Nodes are absent where a
/// mapping lacks the key.
struct Difference {
  Path path;
  std::optional<Node> before;
  std::optional<Node> after;
};

/// What differs in what two documents mean: values, types and keys, merges and aliases applied, whatever the style and
/// the order of keys. Not more than `most`, in the order found. Sequences of different lengths differ as a whole.
[[nodiscard]] std::vector<Difference> differences(Node before, Node after, std::size_t most);

}  // namespace flux::yaml
