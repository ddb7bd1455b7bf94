#include "daemon/listener_files.h"

#include <fmt/format.h>

#include "base/read_file.h"

namespace flux::daemon {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

/// The first line; `what` is how the secret is called.
Result<Secret> read_line(const fs::path& file, std::string_view flag, std::string_view what) {
  auto text = read_secret_file(file, flag);
  if (!text) return text;
  const std::string_view all = text->reveal();
  const auto token = trimmed(all.substr(0, all.find('\n')));
  if (token.empty())
    return fail(ErrorKind::user, fmt::format("there is no {} in {}", what, file.string()),
                fmt::format("Put the {} into the first line of the file of {}.", what, flag));
  return Secret(std::string(token));
}

Result<http::TlsIdentity> read_identity(const fs::path& certificate, const fs::path& key) {
  const auto chain = read_secret_file(certificate, "--listen-tls-cert");
  if (!chain) return Failure(chain.error());
  auto secret = read_secret_file(key, "--listen-tls-key");
  if (!secret) return Failure(secret.error());
  auto identity = http::TlsIdentity::make({chain->reveal(), std::move(*secret)});
  if (!identity)
    return fail(identity.error().kind,
                fmt::format("{} ({} and {})", identity.error().message, certificate.string(), key.string()),
                identity.error().help);
  return identity;
}

}  // namespace

Result<std::unique_ptr<ApiToken>> open_api_token(const fs::path& file, const Log& log) {
  return ApiToken::open(
      "the API token", {file}, [file] { return read_line(file, "--api-token-file", "API token"); }, log);
}

Result<std::unique_ptr<WebhookSecret>> open_webhook_secret(const fs::path& file, const Log& log) {
  return WebhookSecret::open(
      "the secret of webhooks", {file}, [file] { return read_line(file, "--webhook-secret-file", "webhook secret"); },
      log);
}

Result<std::unique_ptr<ServerCertificate>> open_server_certificate(const fs::path& certificate, const fs::path& key,
                                                                   const Log& log) {
  return ServerCertificate::open(
      "the server's certificate", {certificate, key}, [certificate, key] { return read_identity(certificate, key); },
      log);
}

}  // namespace flux::daemon
