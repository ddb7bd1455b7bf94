#pragma once

#include <string>

namespace flux::git {

/// One object out of a repository's database.
struct Object {
  std::string id;    ///< full, lower-case hex
  std::string type;  ///< commit, tree, blob, tag
  std::string bytes;
};

}  // namespace flux::git
