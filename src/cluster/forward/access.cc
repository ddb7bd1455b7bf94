#include "cluster/forward/access.h"

#include <fmt/format.h>

#include <utility>

#include "cluster/batch.h"

namespace flux::cluster {
namespace {

constexpr std::string_view kSpdy = "SPDY/3.1";

tl::unexpected<http::UpgradeError> failed(Error error) {
  return tl::unexpected(http::UpgradeError{std::move(error), 0, {}});
}

}  // namespace

Access::Access(Config config, const std::string& user_agent, Duration connect_timeout, Log log)
    : connect_timeout_(connect_timeout),
      log_(std::move(log)),
      session_(std::move(config), user_agent, [this](http::ClientOptions options) {
        options.connect_timeout = connect_timeout_;
        options.log = log_;
        {
          const MutexLock lock(mutex_);
          connection_ = options;
        }
        return connect_http(std::move(options));
      }) {
  options_.attempts = 3;  // somebody is waiting at a terminal
}

ApiResult<std::string> Access::get(const Bounded& ctx, std::string path) {
  ApiResult<std::string> body;
  Call call;
  call.path = std::move(path);
  run_batch(
      ctx, session_, options_, 1, [&](std::size_t) { return call; },
      [&](std::size_t, ApiResult<http::ClientResponse> answer) {
        if (answer)
          body = std::move(answer->body);
        else
          body = ApiFailure(std::move(answer.error()));
      });
  return body;
}

Result<Access::Way> Access::prepare(const Bounded& ctx, const std::string& path) {
  Call call;
  call.path = path;
  call.accept = "*/*";  // what a pod's port answers is of no type that the API server knows: 406 otherwise
  auto prepared = session_.prepare(ctx, call);
  if (!prepared) return Failure(prepared.error());
  const MutexLock lock(mutex_);
  auto& request = prepared->request;
  return Way{std::move(request.url), std::move(request.headers), std::move(request.authorization), connection_};
}

/// After a 401 once more, with credentials read anew.
template <class Open>
auto Access::authorized(const Bounded& ctx, const std::string& path, Open open) -> decltype(open(std::declval<Way>())) {
  const auto way = prepare(ctx, path);
  if (!way) return failed(way.error());
  auto opened = open(*way);
  if (opened || opened.error().status != 401) return opened;
  session_.forget(way->authorization);
  const auto again = prepare(ctx, path);
  if (!again || again->authorization == way->authorization) return opened;
  return open(*again);
}

http::UpgradeResult<std::unique_ptr<http::WebSocket>> Access::open_websocket(const Bounded& ctx,
                                                                             const std::string& path,
                                                                             const std::string& protocol) {
  return authorized(ctx, path, [&](const Way& way) {
    http::WebSocketRequest request;
    request.url = way.url;
    request.headers = way.headers;
    request.authorization = way.authorization;
    request.protocols = {protocol};
    return http::WebSocket::open(ctx, std::move(request), way.options);
  });
}

http::UpgradeResult<std::unique_ptr<http::ByteStream>> Access::open_spdy(const Bounded& ctx, const std::string& path,
                                                                         const std::string& protocol) {
  return authorized(ctx, path, [&](const Way& way) -> http::UpgradeResult<std::unique_ptr<http::ByteStream>> {
    http::UpgradeRequest request;
    request.method = "POST";
    request.url = way.url;
    request.headers = way.headers;
    request.headers.add("Upgrade", std::string(kSpdy));
    request.headers.add("X-Stream-Protocol-Version", protocol);
    request.headers.add("Content-Length", "0");
    request.authorization = way.authorization;
    auto upgraded = http::upgrade(ctx, request, way.options);
    if (!upgraded) return tl::unexpected(std::move(upgraded.error()));
    return std::move(upgraded->stream);
  });
}

Error explain_refusal(const ApiError& error, std::string_view ns) {
  Error explained = error;
  if (error.unauthorized())
    explained.help =
        "The API server does not accept the credentials of your kubeconfig's context: `kubectl auth whoami` tries "
        "them, "
        "too. Log in again, or choose another context with --context.";
  if (error.forbidden())
    explained.help = fmt::format(
        "You need the rights to list pods and to create pods/portforward in namespace {}: check with `kubectl auth "
        "can-i "
        "create pods/portforward -n {}`.",
        ns, ns);
  return explained;
}

}  // namespace flux::cluster
