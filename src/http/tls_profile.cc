#include "http/tls_profile.h"

#include <functional>

#include "http/tls_material.h"
#include "http/url.h"

namespace flux::http {
namespace {

/// A certificate has one key, so the key need not be told.
std::size_t hash_of(const TlsOptions& options) {
  const std::string separator(1, '\0');
  return std::hash<std::string>{}(options.ca_pem + separator + options.client_cert_pem + separator +
                                  options.server_name + separator + (options.insecure_skip_verify ? "1" : "0"));
}

}  // namespace

TlsProfile::TlsProfile(TlsOptions options) : options_(std::move(options)), hash_(hash_of(options_)) {}

Result<std::shared_ptr<const TlsProfile>> TlsProfile::make(TlsOptions options) {
  if (auto ok = check_authorities(options.ca_pem); !ok) return Failure(ok.error());
  if (auto ok = check_client_certificate(options.client_cert_pem, options.client_key_pem); !ok)
    return Failure(ok.error());
  if (!options.server_name.empty())
    if (auto name = with_host("https://host/", options.server_name); !name) return Failure(name.error());
  return std::shared_ptr<const TlsProfile>(new TlsProfile(std::move(options)));
}

std::shared_ptr<const TlsProfile> TlsProfile::for_other_servers() const {
  TlsOptions trust;
  trust.ca_pem = options_.ca_pem;
  trust.insecure_skip_verify = options_.insecure_skip_verify;
  return std::shared_ptr<const TlsProfile>(new TlsProfile(std::move(trust)));
}

}  // namespace flux::http
