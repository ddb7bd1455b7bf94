#pragma once

#include <string>
#include <vector>

namespace flux::daemon {

/// The whole program: reads the command line, sets up the log, runs the daemon until a signal, returns the exit status
/// (compat/daemon.md 1.1, 1.3, 1.7). Call it first thing in main(), before any thread exists.
int run_program(const std::vector<std::string>& args, const std::string& version);

}  // namespace flux::daemon
