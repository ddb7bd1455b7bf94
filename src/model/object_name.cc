#include "model/object_name.h"

#include <fmt/format.h>

namespace flux {

std::string why_no_name(std::string_view name) {
  if (name.empty()) return "metadata.name is missing";
  if (name == "." || name == "..") return fmt::format("metadata.name must not be '{}'", name);
  for (const char c : {'/', '%'})
    if (name.find(c) != std::string_view::npos) return fmt::format("metadata.name '{}' must not contain '{}'", name, c);
  return {};
}

}  // namespace flux
