#pragma once

#include <filesystem>
#include <memory>

#include "base/log.h"
#include "base/result.h"
#include "base/secret.h"
#include "daemon/reloaded.h"
#include "http/tls_identity.h"

/// The files that make our listeners safe. User errors say which file, and what is wrong with it.
namespace flux::daemon {

using ApiToken = Reloaded<Secret>;
using WebhookSecret = Reloaded<Secret>;
using ServerCertificate = Reloaded<http::TlsIdentity>;

/// The first line of the file of --api-token-file, without blanks around it.
Result<std::unique_ptr<ApiToken>> open_api_token(const std::filesystem::path& file, const Log& log);

/// The same of --webhook-secret-file.
Result<std::unique_ptr<WebhookSecret>> open_webhook_secret(const std::filesystem::path& file, const Log& log);

/// The PEM files of --listen-tls-cert and --listen-tls-key.
Result<std::unique_ptr<ServerCertificate>> open_server_certificate(const std::filesystem::path& certificate,
                                                                   const std::filesystem::path& key, const Log& log);

}  // namespace flux::daemon
