#pragma once

#include <string_view>
#include <vector>

namespace flux::cli {

/// A shell and the script that makes it complete fluxctl's command lines, by asking `fluxctl __complete`
/// (compat/fluxctl.md 2.10).
struct Shell {
  std::string_view name;
  std::string_view script;
};

/// Sorted by name.
[[nodiscard]] const std::vector<Shell>& shells();

}  // namespace flux::cli
