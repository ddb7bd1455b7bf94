#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace flux::images {

/// What an image is for: `linux/amd64`, `linux/arm/v7`.
struct Platform {
  std::string os = "linux";
  std::string architecture = "amd64";
  std::string variant{};  ///< empty: any
  friend bool operator==(const Platform&, const Platform&) = default;
};

/// How to talk to registries: the flags --registry-insecure-host, --registry-auth-host and --registry-platform.
struct RegistryOptions {
  std::vector<std::string>
      insecure_hosts{};                   ///< with or without a port: certificates are not verified, http is allowed
  std::vector<std::string> auth_hosts{};  ///< token services that get credentials whatever realm_refusal() thinks
  std::vector<Platform> platforms{Platform{}};  ///< in this order, the first that an image has
  bool trace = false;                           ///< log each request
};

/// `OS/ARCHITECTURE[/VARIANT]` each; none is linux/amd64. User error for anything else.
[[nodiscard]] Result<std::vector<Platform>> parse_platforms(const std::vector<std::string>& texts);

/// Whether a host is among `hosts`, which may name its port or not.
[[nodiscard]] bool names_host(const std::vector<std::string>& hosts, std::string_view host, std::string_view with_port);

}  // namespace flux::images
