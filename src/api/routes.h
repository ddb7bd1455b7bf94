#pragma once

#include <string_view>

#include "http/server.h"

namespace flux::api {

/// Below which all versioned routes are.
inline constexpr std::string_view kApiBase = "/api/flux";

/// The endpoints of compat/api.md 3 that this daemon serves.
enum class Endpoint { ping, version, notify, sync_status, git_repo_config, public_key, regenerate_key };

/// What the router makes of a request below kApiBase.
enum class Match {
  served,      ///< `endpoint` says by what
  not_yet,     ///< a route of Flux v1 that this daemon does not serve yet
  deprecated,  ///< a version of the API before 6
  unknown,     ///< anything else: wrong method and missing required query keys included
};

struct Routed {
  Match match = Match::unknown;
  Endpoint endpoint = Endpoint::ping;  ///< only with Match::served
  std::string_view name;               ///< the route's name in Flux v1, for metrics; empty when deprecated or unknown
};

/// `path` is the request's, decoded, without kApiBase. Trailing slashes count. Pure.
[[nodiscard]] Routed route(std::string_view path, const http::ServerRequest& request);

/// `path` without empty, `.` and `..` segments; always begins with `/` and keeps a trailing slash.
[[nodiscard]] std::string clean_path(std::string_view path);

}  // namespace flux::api
