#pragma once

#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace flux::http {

/// User errors for PEM text that TLS could not use: found when the client is made, not at the first request.
[[nodiscard]] Result<void> check_authorities(const std::string& ca_pem);
[[nodiscard]] Result<void> check_client_certificate(const std::string& cert_pem, const Secret& key_pem);

}  // namespace flux::http
