#include "cli/paint.h"

#include <fmt/format.h>

namespace flux::cli {

std::string Paint::operator()(Colour colour, std::string_view text) const {
  if (!on_) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", static_cast<int>(colour), text);
}

}  // namespace flux::cli
