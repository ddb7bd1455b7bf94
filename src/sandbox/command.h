#pragma once

#include <string>
#include <vector>

namespace flux::sandbox {

/// The program `flux-sandbox`: serves until SIGINT or SIGTERM. Returns the exit status: 0 after a signal, 1 when it
/// cannot listen or write, 2 for a wrong command line.
int run_command(const std::vector<std::string>& args);

}  // namespace flux::sandbox
