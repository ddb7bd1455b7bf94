#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "cli/outcome.h"
#include "cli/surroundings.h"

namespace flux::cli {

/// One run of fluxctl: the arguments after the program's name to an exit status, 0 or 1; 130 when the context was
/// stopped (SIGINT), as shells report it (compat/fluxctl.md 1.1, 1.5).
int run_fluxctl(const Context& ctx, const std::vector<std::string>& args, Surroundings& surroundings);

/// How an error is shown: the daemon's own explanation below `== Error ==`, anything else as `Error: ...` with where to
/// find help. `command` is empty when none was recognised.
[[nodiscard]] std::string error_text(const CommandError& failed, std::string_view command);

}  // namespace flux::cli
