#pragma once

#include <functional>
#include <memory>

#include "base/context.h"
#include "base/result.h"
#include "daemon/listener_files.h"
#include "daemon/options.h"
#include "daemon/service.h"
#include "http/server.h"
#include "metrics/metrics.h"
#include "model/image_ref.h"

namespace flux::daemon {

/// Everything that this process listens on; closed with this.
struct Listeners {
  std::unique_ptr<ApiToken> token;                 ///< nullptr: the API is open to all who reach it
  std::unique_ptr<WebhookSecret> webhook_secret;   ///< nullptr: there are no webhooks
  std::unique_ptr<ServerCertificate> certificate;  ///< nullptr: plain HTTP
  std::unique_ptr<http::Server> api;
  std::unique_ptr<http::Server> metrics;   ///< nullptr: on `api`
  std::unique_ptr<http::Server> webhooks;  ///< nullptr: on `api` only
};

/// Starts to serve. `service`, `metrics` and what `notice` uses must outlive the result; `notice` is what webhooks call
/// (webhooks.h). User error for an address that cannot be bound, a
/// token file without a token, and unusable TLS material.
Result<Listeners> open_listeners(const Context& ctx, const Options& options, Service& service,
                                 const metrics::Metrics& metrics, std::function<bool(const ImageRef&)> notice);

}  // namespace flux::daemon
