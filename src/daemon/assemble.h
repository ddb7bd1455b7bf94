#pragma once

#include <functional>

#include "base/context.h"
#include "base/result.h"
#include "daemon/options_check.h"

namespace flux::daemon {

/// What the outside can ask of a running daemon.
struct Controls {
  std::function<void()> fetch_now;  ///< SIGHUP
};

/// Builds the whole daemon out of its parts, and runs it until the context is stopped. All wiring is here.
/// `running` is called once everything serves, and with empty controls before it ends. An error means that it could not
/// start, or that the listener failed.
Result<void> run_daemon(const Context& ctx, const Settings& settings, const std::string& version,
                        const std::function<void(Controls)>& running);

}  // namespace flux::daemon
