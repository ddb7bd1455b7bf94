#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "yaml/document.h"
#include "yaml/edit/pieces.h"

namespace flux::yaml {

/// What has to go from `text` so that the mapping loses the member that is written there under `key`: its lines, with
/// what stands beside them; in brackets the member and its comma. Comments on lines of their own stay. Nothing where
/// the member is not written in this mapping.
[[nodiscard]] std::vector<Piece> remove_member(std::string_view text, Node mapping, const std::string& key);

}  // namespace flux::yaml
