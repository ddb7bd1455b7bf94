#pragma once

#include <optional>
#include <string>

#include "base/context.h"
#include "git/mirror.h"
#include "git/verify.h"
#include "sync/marker.h"

namespace flux::daemon {

/// The branch that we follow, and which of its commits may be applied.
struct Branch {
  std::string name;
  git::VerifyMode verify = git::VerifyMode::none;
};

/// Where the branch stands in the mirror.
struct BranchHead {
  std::string head;   ///< its newest commit
  std::string valid;  ///< the newest one that may be applied: `head` unless signatures say otherwise; empty: none
  std::optional<git::Commit> invalid;  ///< what keeps `valid` back
};

/// Looks at what was fetched. Errors: the mirror is not ready, the branch is not there, the marker cannot be trusted.
Result<BranchHead> find_head(const Bounded& ctx, const Branch& branch, git::Mirror& mirror, sync::Marker& marker);

}  // namespace flux::daemon
