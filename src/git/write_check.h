#pragma once

#include <string>

#include "git/local_repository.h"

namespace flux::git {

/// `refs/tags/flux-write-check-` and 10 random hex digits.
[[nodiscard]] std::string make_write_check_tag();

/// Proves that we may push: the tag goes up at the branch and is removed again (compat/daemon.md 2.3). Only tags are
/// proven, not the permission to push the branch. Try again with the same tag: what a failed attempt left is reused.
/// Errors begin with `tag for write check:`, `attempt to push tag:` or `removing tag of write check:`. Their help says
/// how to do without write access when that is what is missing.
GitResult<void> check_write_access(const Bounded& ctx, const LocalRepository& repository, const std::string& branch,
                                   const std::string& tag);

}  // namespace flux::git
