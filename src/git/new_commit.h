#pragma once

#include <string>

#include "git/local_repository.h"
#include "git/mirror.h"

namespace flux::git {

/// Makes the commit in the copy, out of objects alone: there is no work tree, and no ref moves. Its id. Signed when the
/// committer has a key. A user error when nothing would change, and for a path that is no regular file.
GitResult<std::string> make_commit(const Bounded& ctx, const LocalRepository& repository, const CommitRequest& commit);

}  // namespace flux::git
