#pragma once

#include <string_view>
#include <vector>

#include "yaml/document.h"
#include "yaml/edit/pieces.h"

namespace flux::yaml {

/// What has to be replaced in `text` so that the value of an entry is the string `value`. The entry is written in its
/// mapping, not merged; its value is a scalar or an alias.
///
/// The quotes stay where they can hold the value (quoting.h). An alias is replaced at its own place; an anchor stays,
/// and so does a tag that fits a string. Of a literal or folded scalar the lines of text go, and of its indicators what
/// they do not need to say any more; comments beside them stay.
[[nodiscard]] std::vector<Piece> replace_value(std::string_view text, const Node::Entry& entry, std::string_view value,
                                               bool in_flow);

/// Edits of keys and values that are written as JSON have to leave JSON behind.
[[nodiscard]] inline bool is_like_json(Node key, bool in_flow) {
  return in_flow && key.style() == Style::double_quoted;
}

}  // namespace flux::yaml
