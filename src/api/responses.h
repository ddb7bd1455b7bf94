#pragma once

#include <string>
#include <string_view>

#include "api/negotiation.h"
#include "http/server.h"
#include "model/json.h"

/// The shapes of answers (compat/api.md 1 and 2).
namespace flux::api {

[[nodiscard]] http::ServerResponse json_response(const Json& body);
[[nodiscard]] http::ServerResponse empty_response(int status);
[[nodiscard]] http::ServerResponse text_response(int status, std::string body);
/// 301 to `path` (not yet encoded) with the query of `target`.
[[nodiscard]] http::ServerResponse redirect(std::string_view path, std::string_view target);

/// For what the service answers. Missing is 404, everything else 422, failures inside the daemon and its surroundings
/// included: that is what clients of Flux v1 know (2.1).
[[nodiscard]] http::ServerResponse error_response(const Error& error, ErrorBody body);
/// 400: the request could not be read (2.4).
[[nodiscard]] http::ServerResponse bad_request(const Error& error, ErrorBody body);
/// 401: the listener wants a token. For all the same, whatever was wrong with it.
[[nodiscard]] http::ServerResponse not_authorized(ErrorBody body);
/// Errors of the router, class missing (2.5).
[[nodiscard]] http::ServerResponse not_routed(int status, const Error& error, ErrorBody body);

}  // namespace flux::api
