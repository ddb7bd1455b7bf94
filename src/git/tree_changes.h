#pragma once

#include <string>
#include <vector>

#include "git/repository.h"

namespace flux::git {

/// A file that two commits do not have in common: added, changed (content or mode) or removed.
struct TreeChange {
  std::string path;
  bool removed = false;
  bool symlink = false;  ///< in one of them
  std::string blob{};    ///< of the new content; empty when removed
  friend bool operator==(const TreeChange&, const TreeChange&) = default;
};

/// How the files of `to` differ from those of `from`, in no particular order. Reads only the directories that differ.
/// A directory in the place of a file, or the other way round, removes and adds. Errors: an unknown revision, or a
/// repository that cannot be read; list_tree() says more about it.
Result<std::vector<TreeChange>> list_changes(const Bounded& ctx, const Repository& repository, const std::string& from,
                                             const std::string& to);

}  // namespace flux::git
