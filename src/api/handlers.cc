#include "api/handlers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "api/responses.h"
#include "api/routes.h"

namespace flux::api {
namespace {

using http::ServerRequest;
using http::ServerResponse;

constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

/// A request on its way through one endpoint.
struct Call {
  const Context& ctx;
  Service& service;
  const ServerRequest& request;
  ErrorBody errors;

  [[nodiscard]] ServerResponse ping() const {
    const auto done = service.ping(ctx);
    return done ? empty_response(204) : error_response(done.error(), errors);
  }

  [[nodiscard]] ServerResponse notify() const {
    const auto change = decode(request.body).and_then(change_from_json);
    if (!change) return bad_request(change.error(), errors);
    const auto done = service.notify(ctx, *change);
    return done ? empty_response(202) : error_response(done.error(), errors);
  }

  [[nodiscard]] ServerResponse sync_status() const {
    const auto commits = service.sync_status(ctx, request.query_value("ref").value_or(""));
    return commits ? json_response(Json(*commits)) : error_response(commits.error(), errors);
  }

  [[nodiscard]] ServerResponse git_repo_config() const {
    const auto regenerate = decode(request.body);
    if (!regenerate) return bad_request(regenerate.error(), errors);
    if (!regenerate->is_boolean() && !regenerate->is_null())
      return bad_request(
          {ErrorKind::user, "the request body must be true or false", "It says whether to make a new deploy key."},
          errors);
    const auto config = service.git_repo_config(ctx, regenerate->is_boolean() && regenerate->get<bool>());
    return config ? json_response(to_json(*config)) : error_response(config.error(), errors);
  }

  [[nodiscard]] ServerResponse public_key(bool regenerate) const {
    const auto key = service.public_ssh_key(ctx, regenerate);
    if (!key) return error_response(key.error(), errors);
    return regenerate ? empty_response(204) : json_response(to_json(*key));
  }

  [[nodiscard]] ServerResponse answer(Endpoint endpoint) const {
    switch (endpoint) {
      case Endpoint::ping:
        return ping();
      case Endpoint::version:
        return json_response(service.version());
      case Endpoint::notify:
        return notify();
      case Endpoint::sync_status:
        return sync_status();
      case Endpoint::git_repo_config:
        return git_repo_config();
      case Endpoint::public_key:
        return public_key(false);
      case Endpoint::regenerate_key:
        return public_key(true);
    }
    return empty_response(500);
  }
};

constexpr std::string_view kNotFound = "API endpoint not found";

ServerResponse answer_api(const Call& call, const Routed& routed, std::string_view path) {
  switch (routed.match) {
    case Match::served:
      return call.answer(routed.endpoint);
    case Match::not_yet:
      return not_routed(
          404,
          {ErrorKind::missing, std::string(kNotFound),
           fmt::format("This version of fluxd does not serve {} {} yet. Flux v1 does.", call.request.method, path)},
          call.errors);
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
                                 "Perhaps the client is of another version; fluxctl version tells.",
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

ServerResponse answer_below_base(const Context& ctx, Service& service, const HandlerOptions& options,
                                 const ServerRequest& request) {
  const auto start = Clock::now();
  const auto path = std::string_view(request.path).substr(kApiBase.size());
  const auto routed = route(path, request);
  const Call call{ctx, service, request, error_body_for(request.headers.all("Accept"))};
  auto response = answer_api(call, routed, path);
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
