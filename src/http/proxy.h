#pragma once

#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "http/url.h"

namespace flux::http {

/// Which proxy requests go through. The URLs may hold passwords, hence secrets.
struct ProxyRules {
  Secret fixed;  ///< used for every request when not empty, as `proxy-url` of a kubeconfig is
  Secret for_http;
  Secret for_https;
  std::string exceptions;  ///< NO_PROXY: hosts, domains, addresses, networks, `*`; comma-separated
};

/// HTTP_PROXY, HTTPS_PROXY and NO_PROXY, or in lower case, as Go programs read them.
[[nodiscard]] ProxyRules proxy_rules_of_environment();

/// The proxy for a URL, empty for none. Environment proxies are never used for this machine itself, nor
/// for the metadata services of clouds.
[[nodiscard]] Secret choose_proxy(const ProxyRules& rules, const Url& url);

/// User error when a proxy URL in `rules` cannot be used.
[[nodiscard]] Result<void> check_proxies(const ProxyRules& rules);

}  // namespace flux::http
