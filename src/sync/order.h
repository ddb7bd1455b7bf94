#pragma once

#include <string_view>

namespace flux::sync {

inline constexpr int kLastRank = 4;

/// What must exist before what: 0 for namespaces up to kLastRank for everything not named. Only Kubernetes' own groups
/// are: a custom kind of the name of a built-in one has to wait for its definition. `kind` in lower case.
/// Applied in rising order, deleted in falling order (compat/daemon.md 5.5).
[[nodiscard]] int rank_of(std::string_view group, std::string_view kind);

}  // namespace flux::sync
