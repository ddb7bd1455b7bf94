#include "daemon/listeners.h"

#include <fmt/format.h>
#include <malloc.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <mutex>

#include "api/handlers.h"

namespace flux::daemon {
namespace {

constexpr std::size_t kLargeAnswer = 128 << 10;

/// The API's handler for whatever the token is now.
class GuardedApi {
 public:
  GuardedApi(Service& service, api::HandlerOptions options, TokenFile& token)
      : service_(service), options_(std::move(options)), token_(token) {}

  http::ServerResponse operator()(const Context& ctx, const http::ServerRequest& request) {
    const auto handler = current();
    return (*handler)(ctx, request);
  }

 private:
  std::shared_ptr<const http::Handler> current() {
    auto token = token_.current();
    const std::lock_guard lock(mutex_);
    if (handler_ && token == options_.token) return handler_;
    options_.token = std::move(token);
    handler_ = std::make_shared<const http::Handler>(api::api_handler(service_, options_));
    return handler_;
  }

  Service& service_;
  api::HandlerOptions options_;
  TokenFile& token_;
  std::mutex mutex_;  // guards options_ and handler_
  std::shared_ptr<const http::Handler> handler_;
};

/// What a large answer was made of would stay ours for ever, once for each thread that made one.
http::Handler giving_back(http::Handler handler) {
  return [handler = std::move(handler)](const Context& ctx, const http::ServerRequest& request) {
    auto response = handler(ctx, request);
    if (response.body.size() > kLargeAnswer) ::malloc_trim(0);
    return response;
  };
}

Result<std::string> read_pem(const std::string& path, std::string_view flag) {
  std::ifstream in(path, std::ios::binary);
  const int error = errno;
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad())
    return fail(ErrorKind::user, fmt::format("cannot read {}, given as {}: {}", path, flag, std::strerror(error)));
  return text;
}

Result<std::optional<http::ServerTls>> read_tls(const Options& options) {
  if (options.listen_tls_cert.empty()) return std::nullopt;
  auto certificate = read_pem(options.listen_tls_cert, "--listen-tls-cert");
  if (!certificate) return Failure(certificate.error());
  auto key = read_pem(options.listen_tls_key, "--listen-tls-key");
  if (!key) return Failure(key.error());
  return http::ServerTls{std::move(*certificate), Secret(std::move(*key))};
}

Result<std::unique_ptr<http::Server>> listen(const Context& ctx, const std::string& address, http::Handler handler,
                                             const std::optional<http::ServerTls>& tls) {
  http::ServerLimits limits;
  limits.handler_threads = Service::kThreads;
  auto server = http::Server::listen(address, limits, giving_back(std::move(handler)), ctx.log, tls);
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
    auto token = TokenFile::open(options.api_token_file, ctx.log);
    if (!token) return Failure(token.error());
    listeners.token = std::move(*token);
    const auto guarded = std::make_shared<GuardedApi>(service, handling, *listeners.token);
    handler = [guarded](const Context& request_ctx, const http::ServerRequest& request) {
      return (*guarded)(request_ctx, request);
    };
  }
  const auto tls = read_tls(options);
  if (!tls) return Failure(tls.error());
  auto api = listen(ctx, options.listen, std::move(handler), *tls);
  if (!api) return Failure(api.error());
  listeners.api = std::move(*api);
  if (!options.listen_metrics.empty()) {
    auto server = listen(ctx, options.listen_metrics, api::metrics_handler(service), std::nullopt);
    if (!server) return Failure(server.error());
    listeners.metrics = std::move(*server);
  }
  return listeners;
}

}  // namespace flux::daemon
