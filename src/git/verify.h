#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/log.h"

namespace flux::git {

/// `--git-verify-signatures-mode`.
enum class VerifyMode {
  none,
  all,           ///< every commit in the range, merged side branches too
  first_parent,  ///< only the chain of first parents
};

/// How far a branch may be followed.
struct LatestValid {
  std::string revision;           ///< empty: not even the first commit
  std::optional<Commit> invalid;  ///< the oldest offender; nothing when `revision` is the head itself
};

/// The newest commit of `head`'s history since `marker` (empty: since the beginning) that may be applied (section 3).
///
/// With `all`, a commit is good when its own signature is `G` and all its ancestors in the range are good; chosen is
/// the newest good commit on the head's chain of first parents that has `marker` among its ancestors, so that neither
/// a side branch nor anything unverified is ever applied. None: `marker`. A head on rewritten history, which does not
/// contain the marker, is judged without that condition. No offender: `head`.
///
/// Errors: `failed to verify signature of last sync'ed revision: failed to verify commit M` when the marker itself is
/// not signed well.
Result<LatestValid> latest_valid(const Bounded& ctx, const Repository& repository, const std::string& head,
                                 const std::string& marker, VerifyMode mode);

/// The decision alone. `range` is newest first and topologically ordered, with signatures and parents.
[[nodiscard]] LatestValid choose_valid(const std::vector<Commit>& range, const std::string& head,
                                       const std::string& marker, bool marker_is_ancestor, VerifyMode mode);

}  // namespace flux::git
