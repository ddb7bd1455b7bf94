#pragma once

#include "manifests/files.h"

namespace flux::daemon {

/// Features that a user asked for and that this fluxd does not have yet, where doing without would apply something else
/// than what was meant: encrypted values as they are, or files that only their generator understands.
struct MissingFeatures {
  bool sops = false;
  bool git_secret = false;
  bool generation = false;
};

/// The files of a revision, refused when one of them needs a missing feature. Does not own `files`.
class GuardedFiles : public manifests::FileSource {
 public:
  GuardedFiles(manifests::FileSource& files, MissingFeatures missing) : files_(files), missing_(missing) {}

  /// Whether list() has to look at this file.
  [[nodiscard]] static bool minds(std::string_view path, const MissingFeatures& missing);

  Result<std::vector<manifests::FileEntry>> list(const Bounded& ctx) override;
  Result<std::vector<std::string>> read(const Bounded& ctx, std::span<const manifests::FileEntry> files) override;

 private:
  manifests::FileSource& files_;
  MissingFeatures missing_;
};

}  // namespace flux::daemon
