#include "cli/surroundings.h"

namespace flux::cli {

std::optional<std::string> Surroundings::variable(std::string_view name) const {
  const auto found = environment.find(name);
  if (found == environment.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

}  // namespace flux::cli
