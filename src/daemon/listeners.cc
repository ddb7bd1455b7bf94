#include "daemon/listeners.h"
#include "base/guarded.h"

#include <fmt/format.h>
#include <malloc.h>

#include "api/handlers.h"

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

Result<std::unique_ptr<http::Server>> listen(const Context& ctx, const std::string& address, http::Handler handler,
                                             http::TlsSource tls = {}) {
  http::ServerLimits limits;
  limits.handler_threads = Service::kThreads;
  auto server = http::Server::listen(address, limits, giving_back(std::move(handler)), ctx.log, std::move(tls));
  if (!server) return Failure(server.error());
  ctx.log({{"addr", address}, {"port", (*server)->port()}});
  return server;
}

}  // namespace

Result<Listeners> open_listeners(const Context& ctx, const Options& options, Service& service,
                                 const metrics::Metrics& metrics) {
  Listeners listeners;
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
  auto api = listen(ctx, options.listen, std::move(handler), std::move(tls));
  if (!api) return Failure(api.error());
  listeners.api = std::move(*api);
  if (!options.listen_metrics.empty()) {
    auto server = listen(ctx, options.listen_metrics, api::metrics_handler(service));
    if (!server) return Failure(server.error());
    listeners.metrics = std::move(*server);
  }
  return listeners;
}

}  // namespace flux::daemon
