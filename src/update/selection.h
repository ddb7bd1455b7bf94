#pragma once

#include <optional>
#include <set>
#include <vector>

#include "update/plan.h"

namespace flux::update {

/// Whether a policy that is a yes or no holds: only `true` is a yes (compat/manifests-and-releases.md 5.2).
[[nodiscard]] bool holds(const Policies& policies, const std::string& policy);

/// Whether a workload is never to get an older image by itself: `fluxcd.io/never-downgrade: "true"`.
[[nodiscard]] bool never_downgrades(const Policies& policies);

/// Which workloads an update is about.
struct Selection {
  std::optional<std::set<ResourceId>> included{};  ///< nothing: all
  std::set<ResourceId> excluded{};
  std::optional<ImageRef> image{};  ///< only those that run it, in whatever version; canonical
  bool heeds_locks = true;          ///< and ignores
};

/// Those that are to be updated. All others have their place in `result`, with the reason; the first that counts, in
/// the order of compat/manifests-and-releases.md 10.3. Pure.
[[nodiscard]] std::vector<ResourceId> select(const Selection& selection, const Facts& facts, UpdateResult& result);

}  // namespace flux::update
