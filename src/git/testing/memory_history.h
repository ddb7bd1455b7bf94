#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "git/commit.h"
#include "git/testing/memory_objects.h"

namespace flux::git::testing {

/// `start` and all its ancestors; nothing for an empty id.
[[nodiscard]] std::set<std::string> with_ancestors(const MemoryObjects& objects, const std::string& start);

/// What `git log --topo-order` lists, in its order and with its simplification of the history of paths, without
/// signatures. The ends of `query` are ids.
[[nodiscard]] std::vector<Commit> walk_history(const MemoryObjects& objects, const CommitQuery& query);

}  // namespace flux::git::testing
