#include "model/manifest.h"

#include <fmt/format.h>

namespace flux {

std::string Source::to_string() const { return fmt::format("{} (document {}, line {})", path, document, line); }

}  // namespace flux
