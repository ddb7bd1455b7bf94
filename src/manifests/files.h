#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"

namespace flux::manifests {

/// A regular file or a symbolic link of one revision.
struct FileEntry {
  std::string path;      ///< relative to the repository's root, with `/`, in canonical form: no `.`, `..` or empty part
  std::string blob;      ///< id of the content; equal ids mean equal bytes, for ever
  bool symlink = false;  ///< the content is the target's path
  friend bool operator==(const FileEntry&, const FileEntry&) = default;
};

/// One revision of a repository, as manifests see it. The daemon plugs git in; tests use a map.
/// One thread at a time. Errors are those of the store, and `cancelled`.
class FileSource {
 public:
  virtual ~FileSource() = default;

  /// Everything but directories and submodules, sorted by path (bytes).
  virtual Result<std::vector<FileEntry>> list(const Bounded& context) = 0;
  /// The contents of the first of these entries, in their order: at least one, and as many as fit into memory at a
  /// time. A link's content is the path that it names. A user error for a file that is too large to be read.
  virtual Result<std::vector<std::string>> read(const Bounded& context, std::span<const FileEntry> entries) = 0;
};

}  // namespace flux::manifests
