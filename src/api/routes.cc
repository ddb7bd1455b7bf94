#include "api/routes.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace flux::api {
namespace {

struct Route {
  std::string_view name;
  std::string_view method;
  std::string_view path;
  Endpoint endpoint;
  std::array<std::string_view, 3> required_query{};  ///< without the empty ones
};

constexpr std::array<Route, 20> kRoutes{{
    {"Ping", "GET", "/v11/ping", Endpoint::ping},
    {"Version", "GET", "/v11/version", Endpoint::version},
    {"Notify", "POST", "/v11/notify", Endpoint::notify},
    {"ListServices", "GET", "/v6/services", Endpoint::list_services},
    {"ListServicesWithOptions", "GET", "/v11/services", Endpoint::list_services},
    {"ListImages", "GET", "/v6/images", Endpoint::list_images},
    {"ListImagesWithOptions", "GET", "/v10/images", Endpoint::list_images},
    {"UpdateManifests", "POST", "/v9/update-manifests", Endpoint::update_manifests},
    {"JobStatus", "GET", "/v6/jobs", Endpoint::job_status, {"id"}},
    {"SyncStatus", "GET", "/v6/sync", Endpoint::sync_status, {"ref"}},
    {"Export", "GET", "/v6/export", Endpoint::export_manifests},
    {"Export", "HEAD", "/v6/export", Endpoint::export_manifests},
    {"GitRepoConfig", "POST", "/v9/git-repo-config", Endpoint::git_repo_config},
    {"UpdateImages", "POST", "/v6/update-images", Endpoint::update_images, {"service", "image", "kind"}},
    {"UpdatePolicies", "PATCH", "/v6/policies", Endpoint::update_policies},
    {"GetPublicSSHKey", "GET", "/v6/identity.pub", Endpoint::public_key},
    {"RegeneratePublicSSHKey", "POST", "/v6/identity.pub", Endpoint::regenerate_key},
    {"Status", "GET", "/v12/status", Endpoint::status},
    {"Diff", "GET", "/v12/diff", Endpoint::diff},
    {"Explain", "GET", "/v12/explain", Endpoint::explain, {"service"}},
}};

bool is_deprecated(std::string_view path) {
  return path.size() >= 4 && path.starts_with("/v") && path[2] >= '1' && path[2] <= '5' && path[3] == '/';
}

bool has_query(const http::ServerRequest& request, std::string_view name) {
  return std::ranges::any_of(request.query, [&](const auto& pair) { return pair.first == name; });
}

}  // namespace

Routed route(std::string_view path, const http::ServerRequest& request) {
  if (is_deprecated(path)) return {Match::deprecated, {}, {}};
  for (const auto& candidate : kRoutes) {
    if (candidate.path != path || candidate.method != request.method) continue;
    if (!std::ranges::all_of(candidate.required_query,
                             [&](auto key) { return key.empty() || has_query(request, key); }))
      continue;
    return {Match::served, candidate.endpoint, candidate.name};
  }
  return {};
}

std::string clean_path(std::string_view path) {
  std::vector<std::string_view> segments;
  for (std::size_t start = 0; start <= path.size();) {
    const auto end = std::min(path.find('/', start), path.size());
    const auto segment = path.substr(start, end - start);
    if (segment == ".." && !segments.empty()) segments.pop_back();
    if (!segment.empty() && segment != "." && segment != "..") segments.push_back(segment);
    start = end + 1;
  }
  std::string clean;
  for (const auto segment : segments) clean.append("/").append(segment);
  if (clean.empty() || path.ends_with('/')) clean += '/';
  return clean;
}

}  // namespace flux::api
