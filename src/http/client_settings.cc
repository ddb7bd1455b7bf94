#include "http/client_settings.h"

#include <curl/curl.h>

#include <cstdlib>

#include "http/tls_material.h"
#include "http/url.h"

namespace flux::http {

namespace {

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

}  // namespace

bool start_curl() {
  static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return started;
}

Result<ClientSettings> make_settings(ClientOptions options) {
  if (auto ok = check_authorities(options.ca_pem); !ok) return Failure(ok.error());
  if (auto ok = check_client_certificate(options.client_cert_pem, options.client_key_pem); !ok)
    return Failure(ok.error());
  if (!options.server_name.empty())
    if (auto name = with_host("https://host/", options.server_name); !name) return Failure(name.error());
  ClientSettings settings{std::move(options), {}, from_environment("SSL_CERT_FILE"), from_environment("SSL_CERT_DIR")};
  if (settings.options.proxy.empty())
    settings.proxies = proxy_rules_of_environment();
  else
    settings.proxies.fixed = Secret(settings.options.proxy);
  if (auto ok = check_proxies(settings.proxies); !ok) return Failure(ok.error());
  return settings;
}

}  // namespace flux::http
