#pragma once

#include <optional>
#include <string>

#include "http/url.h"
#include "images/registry/options.h"

namespace flux::images {

/// Why the credentials of `registry` must not go to the token service `realm`, which the registry named; nothing when
/// they may.
///
/// They go over https, or to a host named insecure, and there only to the registry's own host, to its registrable
/// domain (`example.co.uk`), to the token hosts of well-known registries, and to those of --registry-auth-host. An
/// address that is private, local or link-local (a cloud's metadata service is) gets them only when the registry is at
/// that address, or when it was named. Pure.
[[nodiscard]] std::optional<std::string> realm_refusal(const http::Url& registry, const http::Url& realm,
                                                       const RegistryOptions& options);

}  // namespace flux::images
