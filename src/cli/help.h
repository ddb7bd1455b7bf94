#pragma once

#include <string>
#include <vector>

#include "base/flags.h"
#include "cli/command.h"

namespace flux::cli {

/// The help of one command (compat/fluxctl.md 1.8): description, usage, aliases, examples, its flags sorted by name,
/// the global flags. Both tables must not have been parsed into yet, for the defaults' sake.
[[nodiscard]] std::string command_help(const CommandText& text, std::vector<Flag> own, std::vector<Flag> globals);

/// What `fluxctl` and `fluxctl help` print: what it is for, then root_usage().
[[nodiscard]] std::string root_help(const std::vector<const CommandText*>& commands, std::vector<Flag> globals);
[[nodiscard]] std::string root_usage(const std::vector<const CommandText*>& commands, std::vector<Flag> globals);

/// For the manual page: what fluxctl is for and how it finds the daemon.
[[nodiscard]] std::string_view root_description();

}  // namespace flux::cli
