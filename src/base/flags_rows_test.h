#pragma once

#include <string>
#include <vector>

namespace flux {

/// A command line with what Go's pflag 1.0.5 makes of it: its error, or the changed flags, positionals and the number
/// of deprecation notices, as told() prints them.
struct FlagRow {
  std::vector<std::string> args;
  std::string error;
  std::string told;
};

struct Told {
  std::string error;
  std::string told;
};

/// Parses the arguments with a table that has one flag of each type.
Told tell(const std::vector<std::string>& args);

}  // namespace flux
