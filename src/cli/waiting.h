#pragma once

#include <functional>
#include <string>

#include "cli/progress.h"
#include "cli/session.h"

namespace flux::cli {

/// Pauses between looks: the first, then twice as long each time up to the cap (compat/fluxctl.md 3.2).
struct Backoff {
  Duration first;
  Duration cap;
};
inline constexpr Backoff kJobBackoff{std::chrono::milliseconds(100), std::chrono::seconds(5)};
inline constexpr Backoff kAppliedBackoff{std::chrono::seconds(1), std::chrono::seconds(10)};

/// Looks at once and then again until `look` says true, an error, or the next pause would pass --timeout, which is
/// counted from here: then `timeout`, whose help names what was waited for. A tunnel that drops is given the time to
/// come back. On a terminal the seconds are counted on standard error meanwhile.
Outcome<void> wait_until(const Context& ctx, Session& session, Backoff backoff, const std::string& what,
                         const std::function<Outcome<bool>(Progress&)>& look);

/// Until the job has ended, well or not.
Outcome<api::JobStatus> wait_for_end_of_job(const Context& ctx, Session& session, const std::string& id);

/// Of a job that has ended. A failed one is an error with the job's own words, and what became of its workloads.
Outcome<api::JobResult> result_of(api::JobStatus ended);

/// Until the daemon has applied the commit. If it fails to, that is told at once, and waited on: it goes on trying.
Outcome<void> wait_until_applied(const Context& ctx, Session& session, const std::string& revision);

/// The first seven characters; shorter ones as they are.
[[nodiscard]] std::string short_revision(const std::string& revision);

}  // namespace flux::cli
