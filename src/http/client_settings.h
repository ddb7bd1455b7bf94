#pragma once

#include "http/client.h"
#include "http/proxy.h"

namespace flux::http {

/// What the transfers of one client share; unchanging, so any thread may read it.
struct ClientSettings {
  ClientOptions options;
  std::shared_ptr<const TlsProfile> tls;  ///< of `options`
  ProxyRules proxies;
  std::string
      authorities_file{};         ///< of the environment's SSL_CERT_FILE, as Go's programs take it; empty: the system's
  std::string authorities_dir{};  ///< likewise SSL_CERT_DIR
};

/// Checks the options and settles the proxies. User errors for what could not be used.
[[nodiscard]] Result<ClientSettings> make_settings(ClientOptions options);

}  // namespace flux::http
