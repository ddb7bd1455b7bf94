#pragma once

#include <string>

#include "git/local_repository.h"

namespace flux::git {

/// Asks the server whether we may push, and leaves nothing there: a push of a tag at the branch, ended before anything
/// is sent (`git push --dry-run`). Flux v1 pushed a tag and removed it (compat/daemon.md 2.3); one that was killed in
/// between left it behind. What a server decides only once it has got a push (hooks, rules for single refs), the first
/// real push finds out. Errors begin with `tag for write check:` or `attempt to push tag:`. Their help says how to do
/// without write access when that is what is missing.
GitResult<void> check_write_access(const Bounded& ctx, const LocalRepository& repository, const std::string& branch);

}  // namespace flux::git
