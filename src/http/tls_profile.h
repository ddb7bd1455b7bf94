#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace flux::http {

/// Whom a connection trusts and who we are on it. All of it PEM text, so that nothing has to be put in files.
struct TlsOptions {
  std::string ca_pem{};  ///< trust only these; empty: SSL_CERT_FILE, SSL_CERT_DIR, the system's authorities
  std::string client_cert_pem{};
  Secret client_key_pem{};
  bool insecure_skip_verify = false;
  std::string server_name{};  ///< for verification, when it is not the URL's host
};

/// TlsOptions that can be used, for one client or for some of its requests. Connections are shared between requests
/// with equal options only. Unchanging, so any thread may read it.
class TlsProfile {
 public:
  /// User errors for PEM text that TLS could not use, so that it is found now and not at the first request.
  static Result<std::shared_ptr<const TlsProfile>> make(TlsOptions options);

  [[nodiscard]] const TlsOptions& options() const { return options_; }
  /// The same trust, but without our certificate and the server's name, which are meant for one server.
  [[nodiscard]] std::shared_ptr<const TlsProfile> for_other_servers() const;
  /// Equal for equal options.
  [[nodiscard]] std::size_t hash() const { return hash_; }

 private:
  explicit TlsProfile(TlsOptions options);

  const TlsOptions options_;
  const std::size_t hash_;
};

}  // namespace flux::http
