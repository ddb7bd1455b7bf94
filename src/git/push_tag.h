#pragma once

#include "git/local_repository.h"
#include "git/mirror.h"

namespace flux::git {

/// Mirror::move_tag() on a local copy, for who has made sure that nothing else moves its refs or talks to the remote.
GitResult<void> push_tag(const Bounded& ctx, const LocalRepository& repository, const TagMove& move);

}  // namespace flux::git
