#pragma once

#include <map>

#include "daemon/desired.h"
#include "daemon/sync_options.h"
#include "sync/execute.h"
#include "sync/survey.h"

namespace flux::daemon {

/// The facts of a plan, for the sync that carries it out and for those who only show it. None is owned but what is
/// copied: `view`, `survey` and `applied` must outlive them. `errors` are those of the last sync.
[[nodiscard]] sync::PlanFacts plan_facts(const SyncOptions& options, const DesiredView& view,
                                         const sync::Survey& survey, const sync::AppliedSet& applied,
                                         const std::map<ResourceId, sync::ResourceError>& errors);

}  // namespace flux::daemon
