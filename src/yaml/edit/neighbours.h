#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yaml/document.h"

/// How the entries of a mapping are written, for one more of them.
namespace flux::yaml {

/// Those that are written in the mapping itself, in the order written; none of what is no mapping.
[[nodiscard]] std::vector<Node::Entry> entries_written(Node mapping);

/// The column of a block mapping, counted from 0: how far its keys are indented.
[[nodiscard]] std::size_t column_of(std::string_view text, Node mapping);

/// By how much mappings below this one are indented: as its neighbours are, else as it is itself in `outer`, else 2.
[[nodiscard]] std::size_t step_below(std::string_view text, Node mapping, std::optional<Node> outer);

/// `key`, quoted like the last of `neighbours`.
[[nodiscard]] std::string key_like(const std::vector<Node::Entry>& neighbours, std::string_view key, bool in_flow);

/// `value`, quoted as is usual among the neighbours: without need only where they do the same, and where it has to be
/// with the quotes that they have, else single ones.
[[nodiscard]] std::string value_like(const std::vector<Node::Entry>& neighbours, std::string_view value, bool in_flow);

}  // namespace flux::yaml
