#include "api/handlers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/authorization.h"
#include "api/endpoints.h"
#include "api/responses.h"
#include "api/routes.h"

namespace flux::api {
namespace {

using http::ServerRequest;
using http::ServerResponse;

constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

constexpr std::string_view kNotFound = "API endpoint not found";

ServerResponse answer_api(const Call& call, const Routed& routed, std::string_view path) {
  switch (routed.match) {
    case Match::served:
      return answer(call, routed.endpoint);
    case Match::deprecated:
      return not_routed(410,
                        {ErrorKind::missing, "API endpoint deprecated",
                         fmt::format("{} belongs to a version of the API that is no longer served.\n"
                                     "Please use a newer fluxctl.",
                                     path)},
                        call.errors);
    case Match::unknown:
      break;
  }
  return not_routed(404,
                    {ErrorKind::missing, std::string(kNotFound),
                     fmt::format("There is no {} {} in the API that this fluxd serves.\n"
                                 "The client may be of another version: see fluxctl version.",
                                 call.request.method, path)},
                    call.errors);
}

std::string_view known_method(std::string_view method) {
  static constexpr std::array<std::string_view, 7> kMethods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  const auto* found = std::ranges::find(kMethods, method);
  return found == kMethods.end() ? "other" : *found;
}

ServerResponse health(const Result<void>& state) {
  return state ? text_response(200, "ok\n") : text_response(503, state.error().message + "\n");
}

ServerResponse metrics_page(Service& service) {
  ServerResponse page;
  page.headers.add("Content-Type", std::string(kMetricsType));
  page.body = service.metrics_text();
  return page;
}

ServerResponse no_such_page() { return text_response(404, "404 page not found\n"); }

/// The probes of the shipped Deployment know no token, and a public key is no secret.
bool may_pass(const HandlerOptions& options, const Routed& routed, const ServerRequest& request) {
  const bool is_probe = routed.match == Match::served && routed.endpoint == Endpoint::public_key;
  return options.token.empty() || is_probe || carries_token(request.headers, options.token);
}

ServerResponse answer_below_base(const Context& ctx, Service& service, const HandlerOptions& options,
                                 const ServerRequest& request) {
  const auto start = Clock::now();
  const auto path = std::string_view(request.path).substr(kApiBase.size());
  const auto routed = route(path, request);
  const Call call{ctx, service, request, error_body_for(request.headers.all("Accept"))};
  auto response = may_pass(options, routed, request) ? answer_api(call, routed, path) : not_authorized(call.errors);
  if (options.observe)
    options.observe({known_method(request.method), routed.name.empty() ? "other" : routed.name, response.status,
                     Clock::now() - start});
  return response;
}

}  // namespace

http::Handler api_handler(Service& service, HandlerOptions options) {
  return [&service, options = std::move(options)](const Context& ctx, const ServerRequest& request) {
    const auto& path = request.path;
    if (const auto clean = clean_path(path); clean != path) return redirect(clean, request.target);
    if (path == kApiBase) return redirect(path + "/", request.target);
    if (path.starts_with(std::string(kApiBase) + "/")) return answer_below_base(ctx, service, options, request);
    if (path == "/metrics" && options.metrics) return metrics_page(service);
    if (path == "/livez") return health(service.alive());
    if (path == "/healthz") return health(service.healthy());
    if (path == "/readyz") return health(service.ready());
    return no_such_page();
  };
}

http::Handler metrics_handler(Service& service) {
  return [&service](const Context&, const ServerRequest& request) {
    return request.path == "/metrics" ? metrics_page(service) : no_such_page();
  };
}

}  // namespace flux::api
