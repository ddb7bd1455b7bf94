#include "model/manifest.h"

#include <fmt/format.h>

namespace flux {

std::string_view ApiType::group() const {
  const auto slash = api_version.find('/');
  return slash == std::string::npos ? std::string_view() : std::string_view(api_version).substr(0, slash);
}

std::span<const std::uint32_t> Source::items() const {
  if (!detail) return {};
  return detail->items;
}

std::string Source::to_string() const { return fmt::format("{} (document {}, line {})", path, document, line); }

}  // namespace flux
