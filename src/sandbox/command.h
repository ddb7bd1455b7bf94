#pragma once

#include <string>
#include <vector>

#include "base/flags.h"

namespace flux::sandbox {

struct CommandLine {
  std::string address = "127.0.0.1:8080";
  std::string kubeconfig;  ///< file to write; empty: none
  bool version = false;
};

/// Every flag of flux-sandbox, bound to the fields of `line`, which must outlive the table.
[[nodiscard]] std::vector<Flag> flags_of(CommandLine& line);

/// The program `flux-sandbox`, which calls itself `version`: serves until SIGINT or SIGTERM. Returns the exit status: 0
/// after a signal, 1 when it cannot listen or write, 2 for a wrong command line.
int run_command(const std::vector<std::string>& args, const std::string& version);

}  // namespace flux::sandbox
