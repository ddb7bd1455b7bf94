#pragma once

#include <string>
#include <vector>

#include "git/repository.h"

namespace flux::git {

/// One commit, as events and verification need it.
struct Commit {
  std::string revision;
  std::vector<std::string> parents;
  std::string message;   ///< the subject line
  char signature = 'N';  ///< git's letter for it, when asked for: G good, N none, U X Y R E B not to be trusted
  std::string signer;    ///< key id, when asked for and known
};

/// Which commits, and how much of each.
struct CommitQuery {
  std::string from;                ///< excluded with all its ancestors; empty: all history
  std::string to;                  ///< included
  std::vector<std::string> paths;  ///< only commits that touch one of these; empty: all. Taken literally, no globs
  bool first_parent = false;       ///< only the chain of first parents
  bool signatures = false;         ///< check signatures; runs gpg once for each signed commit
};

/// The commits, newest first, none before all of its children (`--topo-order`). Missing error for unknown revisions.
Result<std::vector<Commit>> list_commits(const Bounded& ctx, const Repository& repository, const CommitQuery& query);

/// True when `ancestor` is `descendant` or can be reached from it. Missing error for unknown revisions.
Result<bool> is_ancestor(const Bounded& ctx, const Repository& repository, const std::string& ancestor,
                         const std::string& descendant);

}  // namespace flux::git
