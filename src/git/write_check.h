#pragma once

#include <string>

#include "git/repository.h"

namespace flux::git {

/// Proves that we may push: a tag `flux-write-check-` and 10 random hex digits goes up at the branch and is removed
/// again (compat/daemon.md 2.3). Only tags are proven, not the permission to push the branch.
/// Errors begin with `tag for write check:` or `attempt to push tag:`.
Result<void> check_write_access(const Context& ctx, const Repository& repository, const std::string& branch);

}  // namespace flux::git
