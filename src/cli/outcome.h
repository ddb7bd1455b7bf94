#pragma once

#include <utility>

#include "api/client.h"
#include "base/result.h"

namespace flux::cli {

/// Why a command failed, with what its presentation depends on (compat/fluxctl.md 1.5).
struct CommandError {
  Error error;
  bool answered = false;   ///< in the daemon's words, to be shown below `== Error ==`
  bool timed_out = false;  ///< a wait of ours passed --timeout; the daemon goes on

  // Implicit, so that `return fail(...)` and the client's errors fit an Outcome.
  CommandError(Error why) : error(std::move(why)) {}  // NOLINT(google-explicit-constructor)
  CommandError(api::CallError why)                    // NOLINT(google-explicit-constructor)
      : error(std::move(why.error)), answered(why.answered) {}
};

template <class T>
using Outcome = tl::expected<T, CommandError>;

/// Passes an error of any step on: `return pass(step.error())`.
template <class E>
tl::unexpected<CommandError> pass(E error) {
  return tl::unexpected(CommandError(std::move(error)));
}

}  // namespace flux::cli
