#pragma once

#include <map>
#include <span>
#include <string>

#include "manifests/edit/edit.h"
#include "model/policy_update.h"

namespace flux::manifests {

/// What an update of policies means for annotations (compat/manifests-and-releases.md 5.3):
/// - `tag_all` sets the filter of each container that the update does not name itself; `glob:*` removes it.
/// - Removing wins over adding. An empty value removes.
/// - A policy is written where it is: under the strongest of `fluxcd.io/`, `flux.weave.works/` and, for filters,
///   `filter.fluxcd.io/`; a new one under `fluxcd.io/`. Its other spellings go, so that one of them cannot stay in
///   force.
[[nodiscard]] AnnotationChanges policy_changes(const PolicyUpdate& update, std::span<const std::string> containers,
                                               const std::map<std::string, std::string>& annotations);

}  // namespace flux::manifests
