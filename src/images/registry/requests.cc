#include "images/registry/requests.h"

#include <cstdlib>
#include <utility>

#include "http/url.h"

namespace flux::images {
namespace {

constexpr int kRedirects = 5;
constexpr double kReserve = 0.1;  // of a quota, for the cluster's own pulls
constexpr Duration kFrugal = std::chrono::minutes(5);

/// Docker Hub tells with each manifest how many more it will give: `100;w=21600`.
std::optional<double> quota(const http::ClientResponse& answer, const char* header) {
  const auto value = answer.headers.get(header);
  if (!value || value->empty() || value->front() < '0' || value->front() > '9') return std::nullopt;
  return std::strtod(value->c_str(), nullptr);
}

bool nearly_used_up(const http::ClientResponse& answer) {
  const auto left = quota(answer, "ratelimit-remaining");
  const auto of = quota(answer, "ratelimit-limit");
  return left && of && *left <= *of * kReserve;
}

}  // namespace

tl::unexpected<RegistryError> registry_failure(RegistryError error) { return tl::unexpected(std::move(error)); }
tl::unexpected<RegistryError> registry_failure(Error error) {
  return tl::unexpected(RegistryError{std::move(error), 0});
}

Requests::Requests(SendRequest send, const RegistryOptions& options, RateLimits& limits, Log log, std::string registry,
                   bool urgent)
    : send_(std::move(send)),
      options_(options),
      limits_(limits),
      log_(std::move(log)),
      registry_(std::move(registry)),
      urgent_(urgent) {}

bool Requests::insecure(const http::Url& url) const {
  return names_host(options_.insecure_hosts, url.host, url.authority(true));
}

RegistryResult<http::ClientResponse> Requests::send(const Bounded& ctx, http::ClientRequest request) const {
  const auto url = http::parse_url(request.url);
  if (!url) return registry_failure(url.error());
  if (auto ok = limits_.wait(ctx, registry_, urgent_); !ok) {
    const bool limited = ok.error().kind == ErrorKind::server;
    return registry_failure(RegistryError{std::move(ok.error()), limited ? kTooManyRequests : 0});
  }
  // What is sent in a body may be a credential, which is not for wherever a redirect leads.
  if (request.body.empty()) request.redirects = {.limit = kRedirects};
  if (insecure(*url)) {
    static const auto kAnyCertificate = http::TlsProfile::make({.insecure_skip_verify = true});
    request.tls = *kAnyCertificate;
  }
  const auto method = request.method;
  auto answer = send_(ctx, std::move(request));
  if (options_.trace) log_({{"method", method}, {"url", url->display}, {"status", answer ? answer->status : 0}});
  if (!answer) return registry_failure(std::move(answer.error()));
  if (answer->status == kTooManyRequests)
    limits_.complained(registry_, retry_after(answer->headers.get("Retry-After"), std::chrono::system_clock::now()));
  else if (nearly_used_up(*answer))
    limits_.pause(registry_, kFrugal);
  return std::move(*answer);
}

}  // namespace flux::images
