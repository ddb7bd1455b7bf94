#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace flux::git {

/// One line of one directory.
struct TreeItem {
  std::uint32_t mode = 0;
  std::string name;
  std::string id;  ///< lower-case hex
  [[nodiscard]] bool is_directory() const { return mode == 040000; }
  [[nodiscard]] bool is_submodule() const { return mode == 0160000; }
};

/// Decodes git's tree object. `id_bytes` is the length of a raw id: 20, or 32 in SHA-256 repositories.
/// Server error when the bytes are no tree, or one whose names could lead out of it.
Result<std::vector<TreeItem>> parse_tree(std::string_view bytes, std::size_t id_bytes);

}  // namespace flux::git
