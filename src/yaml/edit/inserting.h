#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yaml/document.h"
#include "yaml/edit/pieces.h"

namespace flux::yaml {

/// A member to be: `key: value`, or with `inner` a mapping that holds it, `key: {inner: value}` in the style around it.
struct NewMember {
  std::string key;
  std::optional<std::string> inner;
  std::string value;
};

/// A mapping, and the one around it where there is one.
struct Parent {
  Node mapping;
  std::optional<Node> outer;
  bool in_flow = false;
};

/// What has to be put into `text` so that the mapping has one more member, after all that it has, in the style of its
/// neighbours: quotes, indentation, line breaks, spaces in brackets. The mapping is no alias.
[[nodiscard]] std::vector<Piece> insert_member(std::string_view text, const Parent& parent, const NewMember& member);

/// The same where `entry` of the mapping is a null, which becomes a mapping with one member.
[[nodiscard]] std::vector<Piece> insert_below_null(std::string_view text, const Parent& parent,
                                                   const Node::Entry& entry, const NewMember& member);

/// For mappings in brackets.
[[nodiscard]] std::vector<Piece> insert_in_flow(std::string_view text, const Parent& parent, const NewMember& member);

}  // namespace flux::yaml
