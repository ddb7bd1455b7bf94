#include "api/routes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace flux::api {
namespace routes_test {

struct Row {
  const char* method;
  const char* path;
  std::vector<std::string> query;
  Match match;
  const char* name;
};

TEST(RoutesTest, FollowsTheTableOfTheContract) {
  const std::vector<Row> rows{
      {"GET", "/v11/ping", {}, Match::served, "Ping"},
      {"GET", "/v11/version", {"ignored"}, Match::served, "Version"},
      {"POST", "/v11/notify", {}, Match::served, "Notify"},
      {"GET", "/v6/services", {}, Match::served, "ListServices"},
      {"GET", "/v11/services", {}, Match::served, "ListServicesWithOptions"},
      {"GET", "/v6/images", {}, Match::served, "ListImages"},
      {"GET", "/v10/images", {}, Match::served, "ListImagesWithOptions"},
      {"POST", "/v9/update-manifests", {}, Match::served, "UpdateManifests"},
      {"GET", "/v6/jobs", {"id"}, Match::served, "JobStatus"},
      {"GET", "/v6/sync", {"ref"}, Match::served, "SyncStatus"},
      {"GET", "/v6/export", {}, Match::served, "Export"},
      {"HEAD", "/v6/export", {}, Match::served, "Export"},
      {"POST", "/v9/git-repo-config", {}, Match::served, "GitRepoConfig"},
      {"POST", "/v6/update-images", {"kind", "service", "image"}, Match::served, "UpdateImages"},
      {"PATCH", "/v6/policies", {}, Match::served, "UpdatePolicies"},
      {"GET", "/v6/identity.pub", {}, Match::served, "GetPublicSSHKey"},
      {"POST", "/v6/identity.pub", {}, Match::served, "RegeneratePublicSSHKey"},
      // Our own.
      {"GET", "/v12/status", {}, Match::served, "Status"},
      {"GET", "/v12/diff", {}, Match::served, "Diff"},
      {"GET", "/v12/explain", {"service"}, Match::served, "Explain"},
      // No 405, and no route without its required keys.
      {"POST", "/v11/ping", {}, Match::unknown, ""},
      {"HEAD", "/v11/ping", {}, Match::unknown, ""},
      {"DELETE", "/v6/identity.pub", {}, Match::unknown, ""},
      {"GET", "/v6/sync", {}, Match::unknown, ""},
      {"GET", "/v6/sync", {"REF"}, Match::unknown, ""},
      {"GET", "/v6/jobs", {}, Match::unknown, ""},
      {"POST", "/v6/update-images", {"service", "kind"}, Match::unknown, ""},
      // Exact paths.
      {"GET", "/", {}, Match::unknown, ""},
      {"GET", "/v11/ping/", {}, Match::unknown, ""},
      {"GET", "/v11/Ping", {}, Match::unknown, ""},
      {"GET", "/v6/ping", {}, Match::unknown, ""},
      {"GET", "/v7/services", {}, Match::unknown, ""},
      {"GET", "/v8/daemon", {}, Match::unknown, ""},
      {"GET", "/v6/daemon", {}, Match::unknown, ""},
      {"POST", "/v6/events", {}, Match::unknown, ""},
      // Old versions, whatever the method.
      {"GET", "/v1/services", {}, Match::deprecated, ""},
      {"POST", "/v3/release", {}, Match::deprecated, ""},
      {"BREW", "/v5/", {}, Match::deprecated, ""},
      {"GET", "/v5", {}, Match::unknown, ""},
      {"GET", "/v0/x", {}, Match::unknown, ""},
      {"GET", "/v12/ping", {}, Match::unknown, ""},
  };
  for (const auto& row : rows) {
    http::ServerRequest request;
    request.method = row.method;
    for (const auto& key : row.query) request.query.emplace_back(key, "");
    const auto routed = route(row.path, request);
    EXPECT_EQ(static_cast<int>(routed.match), static_cast<int>(row.match)) << row.method << " " << row.path;
    EXPECT_EQ(routed.name, row.name) << row.method << " " << row.path;
  }
}

TEST(RoutesTest, TakesNoOtherMethodOnAnyPath) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> served{
      {"/v11/ping", {"GET"}},
      {"/v11/version", {"GET"}},
      {"/v11/notify", {"POST"}},
      {"/v6/services", {"GET"}},
      {"/v11/services", {"GET"}},
      {"/v6/images", {"GET"}},
      {"/v10/images", {"GET"}},
      {"/v9/update-manifests", {"POST"}},
      {"/v6/jobs", {"GET"}},
      {"/v6/sync", {"GET"}},
      {"/v6/export", {"GET", "HEAD"}},
      {"/v9/git-repo-config", {"POST"}},
      {"/v6/update-images", {"POST"}},
      {"/v6/policies", {"PATCH"}},
      {"/v6/identity.pub", {"GET", "POST"}},
      {"/v12/status", {"GET"}},
      {"/v12/diff", {"GET"}},
  };
  for (const auto& [path, methods] : served)
    for (const std::string method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get", "BREW"}) {
      http::ServerRequest request;
      request.method = method;
      for (const auto* key : {"id", "ref", "service", "image", "kind"}) request.query.emplace_back(key, "");
      const bool expected = std::ranges::find(methods, method) != methods.end();
      EXPECT_EQ(route(path, request).match == Match::served, expected) << method << " " << path;
    }
}

TEST(RoutesTest, CleansPaths) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"/", "/"},
      {"", "/"},
      {"/a/b", "/a/b"},
      {"/a/b/", "/a/b/"},
      {"//a", "/a"},
      {"/a//b/", "/a/b/"},
      {"/a/./b", "/a/b"},
      {"/a/../b", "/b"},
      {"/../../b", "/b"},
      {"/a/..", "/"},
      {"/a/b/..", "/a"},
      {"/a/b/.", "/a/b"},
      {"//evil.com", "/evil.com"},
      {"/a/...", "/a/..."},
      {"/a/b/../", "/a/"},
      {"a", "/a"},
  };
  for (const auto& [path, clean] : rows) EXPECT_EQ(clean_path(path), clean) << path;
}

}  // namespace routes_test
}  // namespace flux::api
