#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "manifests/files.h"

namespace flux::daemon {

/// Features that a user asked for and that this fluxd does not have yet, where doing without would apply something else
/// than what was meant: encrypted values as they are, or files that only their generator understands.
struct MissingFeatures {
  bool sops = false;
  bool git_secret = false;
  bool generation = false;
};

/// The files of a revision, refused when one of them needs a missing feature. Does not own `files`. `paths` are the
/// values of `--git-path`: only a generator in one of them or above one has a say (compat/manifests-and-releases.md 9).
/// Above is meant as the paths are written; each of those directories, and the generator, may be a symbolic link.
class GuardedFiles : public manifests::FileSource {
 public:
  GuardedFiles(manifests::FileSource& files, MissingFeatures missing, std::vector<std::string> paths)
      : files_(files), missing_(missing), paths_(std::move(paths)) {}

  /// Whether list() has to look at this file, when it is new or has changed. Not asked of links.
  [[nodiscard]] bool minds(std::string_view path) const;

  Result<std::vector<manifests::FileEntry>> list(const Bounded& ctx) override;
  Result<std::vector<std::string>> read(const Bounded& ctx, std::span<const manifests::FileEntry> files) override;

 private:
  /// The generator that has a say; empty when there is none.
  Result<std::string> find_generator(const Bounded& ctx, std::span<const manifests::FileEntry> entries);

  manifests::FileSource& files_;
  MissingFeatures missing_;
  std::vector<std::string> paths_;
};

}  // namespace flux::daemon
