#pragma once

#include <optional>

#include "cli/menu/menu.h"
#include "cli/menu/terminal.h"

namespace flux::cli {

/// Shows the menu until somebody has chosen; nothing when they would rather not. It is drawn again when the terminal
/// gets another size. Whoever sits there may take as long as they like, until the context ends (`cancelled`). The
/// terminal is left as it was in any case.
Result<std::optional<ChosenUpdates>> choose(const Context& ctx, Terminal& terminal, Menu menu);

}  // namespace flux::cli
