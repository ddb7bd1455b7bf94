#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "manifests/files.h"
#include "manifests/select.h"

namespace flux::manifests {

[[nodiscard]] std::string_view parent_of(std::string_view path);
[[nodiscard]] std::string_view base_of(std::string_view path);
/// `a/b`; just `b` when `directory` is the root.
[[nodiscard]] std::string join(std::string_view directory, std::string_view rest);

/// The paths of one revision, and where its symbolic links lead. Borrows both.
class Tree {
 public:
  /// `entries` is sorted by path.
  Tree(std::span<const FileEntry> entries, const LinkTargets& links) : entries_(entries), links_(links) {}

  /// The path without links: that of a regular file or of a directory. Errors say why there is none.
  [[nodiscard]] Result<std::string> resolve(std::string_view path) const;
  /// The entry at exactly this path, when there is one.
  [[nodiscard]] const FileEntry* file(std::string_view path) const;
  /// Everything in a directory, at any depth.
  [[nodiscard]] std::span<const FileEntry> below(std::string_view directory) const;

 private:
  std::span<const FileEntry> entries_;
  const LinkTargets& links_;
};

}  // namespace flux::manifests
