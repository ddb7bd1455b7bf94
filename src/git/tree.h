#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "git/repository.h"

namespace flux::git {

/// One file of a commit.
struct TreeEntry {
  std::string path;        ///< from the repository's root, `/` between parts
  std::uint32_t mode = 0;  ///< as git has it: 0100644, 0100755 or 0120000
  std::string blob;        ///< full id; equal ids are equal bytes
  [[nodiscard]] bool is_symlink() const { return mode == 0120000; }
};

/// All files of a commit in git's order (byte order of the paths). Submodules are left out. Nothing is checked out.
/// Missing error for an unknown revision. An incomplete listing is an error, never a short list.
Result<std::vector<TreeEntry>> list_tree(const Bounded& ctx, const Repository& repository, const std::string& revision);

/// The bytes of many blobs, in the order of `ids`. A blob that is not there is a server error: the repository that
/// names it is damaged.
Result<std::vector<std::string>> read_blobs(const Bounded& ctx, const Repository& repository,
                                            const std::vector<std::string>& ids);

}  // namespace flux::git
