#pragma once

#include <functional>
#include <string>

#include "api/wire/sync_diff.h"
#include "base/context.h"
#include "daemon/desired.h"
#include "sync/execute.h"
#include "sync/plan.h"

namespace flux::daemon {

/// What one sync would do, in words. `plan` is for `view` and `facts`, with garbage collection on even where the facts
/// say that it is off: what it would delete is then told of as what stays.
/// For every resource that the plan would apply, the cluster is asked what it has and, by a server-side apply that
/// changes nothing, what it would have; those that come out the same are left out. Bounded in memory.
/// `own_pod`: what a sync would not delete in order to create it again.
/// Errors: the context ended. What the API server refuses is told in the diff's refusals.
Result<api::SyncDiff> describe_plan(const Bounded& ctx, cluster::Client& client, const cluster::Catalog& catalog,
                                    const DesiredView& view, const sync::PlanFacts& facts, const sync::Plan& plan,
                                    const sync::OwnPod& own_pod = {});

}  // namespace flux::daemon
