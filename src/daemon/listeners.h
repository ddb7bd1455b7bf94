#pragma once

#include <memory>

#include "base/context.h"
#include "base/result.h"
#include "daemon/listener_files.h"
#include "daemon/options.h"
#include "daemon/service.h"
#include "http/server.h"
#include "metrics/metrics.h"

namespace flux::daemon {

/// Everything that this process listens on; closed with this.
struct Listeners {
  std::unique_ptr<ApiToken> token;                 ///< nullptr: the API is open to all who reach it
  std::unique_ptr<ServerCertificate> certificate;  ///< nullptr: plain HTTP
  std::unique_ptr<http::Server> api;
  std::unique_ptr<http::Server> metrics;  ///< nullptr: on `api`
};

/// Starts to serve. `service` and `metrics` must outlive the result. User error for an address that cannot be bound, a
/// token file without a token, and unusable TLS material.
Result<Listeners> open_listeners(const Context& ctx, const Options& options, Service& service,
                                 const metrics::Metrics& metrics);

}  // namespace flux::daemon
