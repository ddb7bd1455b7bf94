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

Result<Secret> read_token(const fs::path& file) {
  auto text = read_secret_file(file, "--api-token-file");
  if (!text) return text;
  const std::string_view all = text->reveal();
  const auto token = trimmed(all.substr(0, all.find('\n')));
  if (token.empty())
    return fail(ErrorKind::user, "there is no API token in " + file.string(),
                "Put the token into the first line of the file.");
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
  return ApiToken::open("the API token", {file}, [file] { return read_token(file); }, log);
}

Result<std::unique_ptr<ServerCertificate>> open_server_certificate(const fs::path& certificate, const fs::path& key,
                                                                   const Log& log) {
  return ServerCertificate::open(
      "the server's certificate", {certificate, key}, [certificate, key] { return read_identity(certificate, key); },
      log);
}

}  // namespace flux::daemon
