#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "git/clone_dir.h"
#include "git/local_repository.h"

namespace flux::git {

/// The local copy that a mirror keeps: a bare repository in a directory of its own, which goes with the last holder,
/// and those who read it. What changes it is for one thread at a time; reading is for any.
class MirrorCopy {
 public:
  /// An empty one under `parent`; its HEAD names `branch`.
  static GitResult<std::shared_ptr<const MirrorCopy>> make(const Bounded& ctx, const Git& git,
                                                           const std::filesystem::path& parent,
                                                           const std::string& branch);
  MirrorCopy(std::unique_ptr<CloneDir> dir, const Git& git);

  /// For Reader::sync, and for what the mirror itself does.
  [[nodiscard]] const LocalRepository& for_sync() const { return for_sync_; }
  [[nodiscard]] const LocalRepository& for_query() const { return for_query_; }

  /// Makes branches, tags and notes what they are upstream. An empty repository is no failure.
  GitResult<void> fetch(const Bounded& ctx) const;

  /// Lets git pack what many fetches left.
  GitResult<void> tidy(const Bounded& ctx) const;

  /// Whether the repository is not there any more.
  [[nodiscard]] bool is_gone() const;

  /// By git's own full check. One that runs into the deadline proves nothing.
  [[nodiscard]] bool is_damaged(const Bounded& ctx) const;

 private:
  const std::unique_ptr<CloneDir> dir_;  ///< first, so that it goes last
  const LocalRepository for_sync_;
  const LocalRepository for_query_;
};

}  // namespace flux::git
