#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/flags.h"
#include "cli/output.h"
#include "cli/session.h"
#include "model/update_spec.h"

namespace flux::cli {

/// How the result of a change is shown, or that it is not waited for.
struct ResultFlags {
  bool no_wait = false;
  Count verbose;
  OutputFlags output;

  std::vector<Flag> table();
};

/// Sends the change and gives the id of its job.
Outcome<std::string> submit(const Context& ctx, Session& session, const UpdateSpec& spec);

/// How far a change is followed.
struct Ending {
  bool apply = false;            ///< until the commit is in the cluster
  bool unchanged_is_ok = false;  ///< a job that failed because there was nothing to change is none that failed
};

/// What every change of git ends with (compat/fluxctl.md 3.2): waits for the job, prints its table and the commit, and
/// waits until the commit is in the cluster if it is followed that far, which may time out without being a failure.
/// Under `--no-wait` prints the id of the job, and the result is empty.
Outcome<api::JobResult> finish_update(const Context& ctx, Session& session, const std::string& job,
                                      const ResultFlags& flags, Ending ending);

}  // namespace flux::cli
