#pragma once

#include <functional>
#include <string>

#include "base/context.h"
#include "http/client.h"
#include "http/url.h"
#include "images/registry/options.h"
#include "images/registry/rate_limits.h"

namespace flux::images {

/// The status of an answer that asks to be left alone.
inline constexpr int kTooManyRequests = 429;

/// An error with what a scan wants to know of it.
struct RegistryError {
  Error error;
  int status = 0;  ///< of the answer; 0: there was none
  /// What was asked for is not there: `MANIFEST_UNKNOWN`, `BLOB_UNKNOWN`.
  [[nodiscard]] bool unknown() const { return status == 404; }
  /// The host has had enough: nothing else has to be asked now.
  [[nodiscard]] bool limited() const { return status == kTooManyRequests; }
};
template <class T>
using RegistryResult = tl::expected<T, RegistryError>;

[[nodiscard]] tl::unexpected<RegistryError> registry_failure(RegistryError error);
[[nodiscard]] tl::unexpected<RegistryError> registry_failure(Error error);

/// How requests are sent; http::Client::send() outside of tests.
using SendRequest = std::function<Result<http::ClientResponse>(const Bounded&, http::ClientRequest)>;

/// Sends what concerns one registry, its token service included: at its rate, with the certificates that it needs, and
/// following redirects, to other hosts without credentials. Any thread. Nothing is owned.
class Requests {
 public:
  /// `registry`: the host, with its port as the image has it, whose rate counts. `urgent` ones go before others.
  Requests(SendRequest send, const RegistryOptions& options, RateLimits& limits, Log log, std::string registry,
           bool urgent = false);

  /// Any status is an answer. An answer of 429 slows this registry down.
  RegistryResult<http::ClientResponse> send(const Bounded& ctx, http::ClientRequest request) const;

  [[nodiscard]] const RegistryOptions& options() const { return options_; }
  [[nodiscard]] const std::string& registry() const { return registry_; }
  /// Whether http and any certificate will do for the host of this URL.
  [[nodiscard]] bool insecure(const http::Url& url) const;

 private:
  const SendRequest send_;
  const RegistryOptions& options_;
  RateLimits& limits_;
  const Log log_;
  const std::string registry_;
  const bool urgent_;
};

}  // namespace flux::images
