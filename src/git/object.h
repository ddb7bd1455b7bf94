#pragma once

#include <cstddef>
#include <string>

namespace flux::git {

/// What is known of an object without reading it.
struct ObjectInfo {
  std::string id;        ///< full, lower-case hex
  std::string type;      ///< commit, tree, blob, tag
  std::size_t size = 0;  ///< bytes
};

/// One object out of a repository's database.
struct Object {
  std::string id;    ///< full, lower-case hex
  std::string type;  ///< commit, tree, blob, tag
  std::string bytes;
};

}  // namespace flux::git
