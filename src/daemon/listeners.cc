#include "daemon/listeners.h"
#include "base/guarded.h"

#include <fmt/format.h>
#include <malloc.h>

#include "api/handlers.h"
#include "daemon/webhooks.h"
#include "images/hooks/answer.h"

namespace flux::daemon {
namespace {

constexpr std::size_t kLargeAnswer = 128 << 10;

/// The API's handler for whatever the token is now.
class GuardedApi {
 public:
  GuardedApi(Service& service, api::HandlerOptions options, ApiToken& token)
      : service_(service), options_(std::move(options)), token_(token) {}

  http::ServerResponse operator()(const Context& ctx, const http::ServerRequest& request) {
    const auto handler = current();
    return (*handler)(ctx, request);
  }

 private:
  std::shared_ptr<const http::Handler> current() {
    auto token = token_.current();
    const MutexLock lock(mutex_);
    if (handler_ && token == options_.token) return handler_;
    options_.token = std::move(token);
    handler_ = std::make_shared<const http::Handler>(api::api_handler(service_, options_));
    return handler_;
  }

  Service& service_;
  api::HandlerOptions options_ GUARDED_BY(mutex_);
  ApiToken& token_;
  Mutex mutex_;
  std::shared_ptr<const http::Handler> handler_ GUARDED_BY(mutex_);
};

/// What a large answer was made of would stay ours for ever, once for each thread that made one.
http::Handler giving_back(http::Handler handler) {
  return [handler = std::move(handler)](const Context& ctx, const http::ServerRequest& request) {
    auto response = handler(ctx, request);
    if (response.body.size() > kLargeAnswer) ::malloc_trim(0);
    return response;
  };
}

/// The API, and webhooks beside it.
http::Handler with_webhooks(http::Handler api, http::Handler webhooks) {
  return
      [api = std::move(api), webhooks = std::move(webhooks)](const Context& ctx, const http::ServerRequest& request) {
        return is_webhook(request.path) ? webhooks(ctx, request) : api(ctx, request);
      };
}

/// Webhooks alone, for an address that all the world may reach.
http::Handler only_webhooks(http::Handler webhooks) {
  return [webhooks = std::move(webhooks)](const Context& ctx, const http::ServerRequest& request) {
    if (is_webhook(request.path)) return webhooks(ctx, request);
    http::ServerResponse out;
    out.status = 404;
    return out;
  };
}

http::ServerLimits api_limits() {
  http::ServerLimits limits;
  limits.handler_threads = Service::kThreads;
  return limits;
}

/// For strangers: less of everything.
http::ServerLimits webhook_limits() {
  http::ServerLimits limits;
  limits.header_bytes = std::size_t{16} << 10;
  limits.body_bytes = images::kLargestHook;
  limits.connections = 128;
  limits.body_timeout = std::chrono::seconds(10);
  limits.handler_threads = 2;
  return limits;
}

Result<std::unique_ptr<http::Server>> listen(const Context& ctx, const std::string& address,
                                             const http::ServerLimits& limits, http::Handler handler,
                                             http::TlsSource tls = {}) {
  auto server = http::Server::listen(address, limits, giving_back(std::move(handler)), ctx.log, std::move(tls));
  if (!server) return Failure(server.error());
  ctx.log({{"addr", address}, {"port", (*server)->port()}});
  return server;
}

}  // namespace

Result<Listeners> open_listeners(const Context& ctx, const Options& options, Service& service,
                                 const metrics::Metrics& metrics, std::function<bool(const ImageRef&)> notice) {
  Listeners listeners;
  if (!options.webhook_secret_file.empty()) {
    auto secret = open_webhook_secret(options.webhook_secret_file, ctx.log);
    if (!secret) return Failure(secret.error());
    listeners.webhook_secret = std::move(*secret);
  }
  WebhookParts webhook_parts{{}, std::move(notice), metrics, ctx.log.with({{"component", "webhooks"}})};
  if (listeners.webhook_secret)
    webhook_parts.secret = [&secret = *listeners.webhook_secret] { return secret.current(); };
  const auto webhooks = webhook_handler(std::move(webhook_parts));
  api::HandlerOptions handling;
  handling.metrics = options.listen_metrics.empty();
  handling.observe = [&metrics](const api::Answered& request) {
    metrics.request_duration.observe(request.took, request.method, request.route, std::to_string(request.status),
                                     false);
  };
  auto handler = api::api_handler(service, handling);
  if (!options.api_token_file.empty()) {
    auto token = open_api_token(options.api_token_file, ctx.log);
    if (!token) return Failure(token.error());
    listeners.token = std::move(*token);
    const auto guarded = std::make_shared<GuardedApi>(service, handling, *listeners.token);
    handler = [guarded](const Context& request_ctx, const http::ServerRequest& request) {
      return (*guarded)(request_ctx, request);
    };
  }
  http::TlsSource tls;
  if (!options.listen_tls_cert.empty()) {
    auto certificate = open_server_certificate(options.listen_tls_cert, options.listen_tls_key, ctx.log);
    if (!certificate) return Failure(certificate.error());
    listeners.certificate = std::move(*certificate);
    tls = [&certificate = *listeners.certificate] { return certificate.current(); };
  }
  auto api = listen(ctx, options.listen, api_limits(), with_webhooks(std::move(handler), webhooks), tls);
  if (!api) return Failure(api.error());
  listeners.api = std::move(*api);
  if (!options.listen_metrics.empty()) {
    auto server = listen(ctx, options.listen_metrics, api_limits(), api::metrics_handler(service));
    if (!server) return Failure(server.error());
    listeners.metrics = std::move(*server);
  }
  if (!options.listen_webhooks.empty()) {
    auto server = listen(ctx, options.listen_webhooks, webhook_limits(), only_webhooks(webhooks), tls);
    if (!server) return Failure(server.error());
    listeners.webhooks = std::move(*server);
  }
  return listeners;
}

}  // namespace flux::daemon
