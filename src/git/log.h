#pragma once

#include <string>
#include <vector>

#include "git/commit.h"
#include "git/repository.h"

namespace flux::git {

/// The commits, newest first, none before all of its children (`--topo-order`). Missing error for unknown revisions.
Result<std::vector<Commit>> list_commits(const Bounded& ctx, const Repository& repository, const CommitQuery& query);

/// True when `ancestor` is `descendant` or can be reached from it. Missing error for unknown revisions.
Result<bool> is_ancestor(const Bounded& ctx, const Repository& repository, const std::string& ancestor,
                         const std::string& descendant);

}  // namespace flux::git
