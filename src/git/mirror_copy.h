#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "git/clone_dir.h"
#include "git/local_repository.h"

namespace flux::git {

/// How a repository makes its ids. git tells of the remote's only when it is not that of the copy.
enum class IdFormat { sha1, sha256 };

/// What a fetch brought.
struct Fetched {
  std::optional<Error> missed = std::nullopt;  ///< why only the branch that we follow came; none: everything did
};

/// The local copy that a mirror keeps: a bare repository in a directory of its own, which goes with the last holder,
/// and those who read it. What changes it is for one thread at a time; reading is for any.
class MirrorCopy {
 public:
  /// An empty one under `parent`, for ids of that format; its HEAD names `branch`.
  static GitResult<std::shared_ptr<const MirrorCopy>> make(const Bounded& ctx, const Git& git,
                                                           const std::filesystem::path& parent,
                                                           const std::string& branch, IdFormat format);
  MirrorCopy(std::unique_ptr<CloneDir> dir, const Git& git, std::string branch);

  /// For Reader::sync, and for what the mirror itself does.
  [[nodiscard]] const LocalRepository& for_sync() const { return for_sync_; }
  [[nodiscard]] const LocalRepository& for_query() const { return for_query_; }

  /// Makes branches, tags and notes what they are upstream. All or nothing when the branch that we follow is not there:
  /// whatever answers then, an empty repository or a server that is not one, takes nothing away. That error is
  /// branch_head()'s with the failure missing_ref. The branch alone when the server's repository is damaged elsewhere:
  /// our own sync tag may be what is broken, and only a sync puts that right.
  GitResult<Fetched> fetch(const Bounded& ctx) const;

  /// Removes what a git that was ended left half written. Returns how much.
  std::size_t sweep() const;

  /// Lets git pack what many fetches left.
  GitResult<void> tidy(const Bounded& ctx) const;

  /// Whether its directory is not there any more.
  [[nodiscard]] bool is_gone() const;

  /// Whether git can make out the repository and its refs; takes next to no time. Nothing when there is no git to ask.
  [[nodiscard]] std::optional<bool> is_readable(const Bounded& ctx) const;

  /// By git's own full check of every object. Nothing when it could not be finished.
  [[nodiscard]] std::optional<bool> is_sound(const Bounded& ctx) const;

 private:
  GitError explain_missing_branch(const Bounded& ctx) const;

  const std::unique_ptr<CloneDir> dir_;  ///< first, so that it goes last
  const std::string branch_;
  const LocalRepository for_sync_;
  const LocalRepository for_query_;
};

}  // namespace flux::git
