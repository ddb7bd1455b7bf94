#pragma once

#include "git/local_repository.h"
#include "git/mirror.h"

namespace flux::git {

/// Mirror::push_commit() on a local copy, for who has made sure that nothing else moves its refs or talks to the
/// remote.
GitResult<std::string> push_commit(const Bounded& ctx, const LocalRepository& repository, const CommitRequest& commit);

}  // namespace flux::git
