#pragma once

#include <string>
#include <string_view>

#include "http/server.h"

namespace flux::api {

/// Below which all versioned routes are.
inline constexpr std::string_view kApiBase = "/api/flux";

/// The endpoints of compat/api.md 3, and two of our own below /v12.
enum class Endpoint {
  ping,
  version,
  notify,
  list_services,
  list_images,
  update_manifests,
  job_status,
  sync_status,
  export_manifests,
  git_repo_config,
  update_images,
  update_policies,
  public_key,
  regenerate_key,
  status,
  diff,
  explain,
};

/// What the router makes of a request below kApiBase.
enum class Match {
  served,      ///< `endpoint` says by what
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
