#pragma once

#include "cli/outcome.h"

namespace flux::cli {

/// What a daemon says to a call that it does not know, made plain: the command needs a fluxd of our own, not Flux v1.
[[nodiscard]] CommandError needs_newer_daemon(const api::CallError& error);

}  // namespace flux::cli
