#pragma once

#include <string>
#include <string_view>

#include "base/context.h"
#include "cli/command.h"

namespace flux::cli {

/// What `fluxctl help` prints.
[[nodiscard]] std::string help_page();
/// The same without saying what fluxctl is for.
[[nodiscard]] std::string usage_page();
/// What `fluxctl help NAME` prints; `name` must be that of a command. Defaults are those of the surroundings.
[[nodiscard]] std::string help_page(const Context& ctx, std::string_view name, const Surroundings& surroundings);

}  // namespace flux::cli
