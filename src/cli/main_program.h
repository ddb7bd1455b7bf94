#pragma once

#include <string>
#include <vector>

namespace flux::cli {

/// The whole program, on the process's streams and signals. Call it first thing in main(), before any thread exists.
int run_program(const std::vector<std::string>& args, const std::string& version);

}  // namespace flux::cli
