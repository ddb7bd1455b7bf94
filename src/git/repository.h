#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "git/commit.h"
#include "git/object.h"

namespace flux::git {

/// Bytes of the largest object that is read at all. Directories and commits of real repositories are far below.
constexpr std::size_t kMaxObject = std::size_t{64} << 20;

/// What can be asked of a git repository at rest, and nothing that changes it: its objects and names, and what only git
/// itself can tell about them. Everything else that we ask (log.h, tree.h, tree_changes.h, notes.h, marker.h, verify.h)
/// is made of these five, so that tests can play a repository (testing/memory_repository.h).
///
/// A name is an id, also an abbreviated one, or what git calls a revision (`HEAD`, `main`, `refs/tags/v1`), with
/// `^{commit}` or `^{tree}` behind it for what it leads to. One with a line break or an ambiguous one does not exist.
/// Any thread. Errors: `cancelled` at the context's end, `server` when the repository cannot be read.
class Repository {
 public:
  Repository() = default;
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;
  virtual ~Repository() = default;

  /// The objects behind `names`, in their order; nothing for a name that does not exist. All of them are held at once:
  /// who does not know how large they are asks describe() first. One of more than kMaxObject bytes is a user error.
  virtual Result<std::vector<std::optional<Object>>> read_objects(const Bounded& ctx,
                                                                  const std::vector<std::string>& names) const = 0;

  /// What is behind each name, without reading the object; nothing for a name that does not exist.
  virtual Result<std::vector<std::optional<ObjectInfo>>> describe(const Bounded& ctx,
                                                                  const std::vector<std::string>& names) const = 0;

  /// Their full ids alone.
  Result<std::vector<std::optional<std::string>>> resolve(const Bounded& ctx,
                                                          const std::vector<std::string>& names) const;

  /// The commits of a query whose ends are full ids of commits. For list_commits(), which takes any names.
  virtual Result<std::vector<Commit>> walk(const Bounded& ctx, const CommitQuery& query) const = 0;

  /// True when `ancestor` can be reached from `descendant`, another commit. Full ids; is_ancestor() takes any names.
  virtual Result<bool> reaches(const Bounded& ctx, const std::string& descendant,
                               const std::string& ancestor) const = 0;

  /// An error unless the tag object `id` carries a signature by a key that is fully trusted.
  virtual Result<void> verify_tag(const Bounded& ctx, const std::string& id) const = 0;
};

/// The commit that `revision` names, as a full id. Missing error when there is none.
Result<std::string> resolve_commit(const Bounded& ctx, const Repository& repository, const std::string& revision);

/// Missing error `configured branch 'B' does not exist`.
[[nodiscard]] Error no_such_branch(const std::string& branch);

/// The commit at the head of a branch. no_such_branch() when there is none.
Result<std::string> branch_head(const Bounded& ctx, const Repository& repository, const std::string& branch);

}  // namespace flux::git
