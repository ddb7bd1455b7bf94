#include "http/client_settings.h"

#include <cstdlib>

namespace flux::http {

namespace {

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

}  // namespace

Result<ClientSettings> make_settings(ClientOptions options) {
  auto tls = TlsProfile::make(options.tls);
  if (!tls) return Failure(tls.error());
  ClientSettings settings{
      std::move(options), *std::move(tls), {}, from_environment("SSL_CERT_FILE"), from_environment("SSL_CERT_DIR")};
  if (settings.options.proxy.empty())
    settings.proxies = proxy_rules_of_environment();
  else
    settings.proxies.fixed = Secret(settings.options.proxy);
  if (auto ok = check_proxies(settings.proxies); !ok) return Failure(ok.error());
  return settings;
}

}  // namespace flux::http
