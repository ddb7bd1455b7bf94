#include "images/registry/options.h"

#include <fmt/format.h>

#include <algorithm>

namespace flux::images {

Result<std::vector<Platform>> parse_platforms(const std::vector<std::string>& texts) {
  if (texts.empty()) return std::vector{Platform{}};
  std::vector<Platform> platforms;
  for (const auto& text : texts) {
    const auto first = text.find('/');
    const auto second = first == std::string::npos ? first : text.find('/', first + 1);
    Platform platform;
    platform.os = text.substr(0, first);
    platform.architecture = first == std::string::npos ? "" : text.substr(first + 1, second - first - 1);
    platform.variant = second == std::string::npos ? "" : text.substr(second + 1);
    if (platform.os.empty() || platform.architecture.empty() || platform.variant.find('/') != std::string::npos)
      return fail(ErrorKind::user, fmt::format("'{}' is not a platform", text),
                  "Write --registry-platform=linux/amd64 or, with a variant, linux/arm/v7.");
    platforms.push_back(std::move(platform));
  }
  return platforms;
}

bool names_host(const std::vector<std::string>& hosts, std::string_view host, std::string_view with_port) {
  return std::ranges::any_of(hosts, [&](const auto& one) { return one == host || one == with_port; });
}

}  // namespace flux::images
