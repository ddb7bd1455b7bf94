#include "daemon/listing/find.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/test_bounded.h"
#include "cluster/scripted_transport.h"
#include "daemon/listing/export.h"

namespace flux::daemon {
namespace find_test {

using cluster::ScriptedTransport;

cluster::Resource resource(const std::string& api_version, const std::string& kind, const std::string& plural) {
  return {{api_version, kind}, plural, true, true, true, true, true};
}

cluster::Catalog catalog(bool old_cron_jobs = false) {
  std::vector<cluster::Resource> served{
      resource("apps/v1", "Deployment", "deployments"), resource("apps/v1", "DaemonSet", "daemonsets"),
      resource("apps/v1", "StatefulSet", "statefulsets"), resource("helm.fluxcd.io/v1", "HelmRelease", "helmreleases"),
      resource("flux.weave.works/v1beta1", "HelmRelease", "helmreleases")};
  if (!old_cron_jobs) served.push_back(resource("batch/v1", "CronJob", "cronjobs"));
  served.push_back(resource("batch/v1beta1", "CronJob", "cronjobs"));
  return {served, {}, {}};
}

std::string object(const std::string& ns, const std::string& name, const std::string& labels = "{}") {
  return R"({"metadata":{"name":")" + name + R"(","namespace":")" + ns + R"(","managedFields":[{}],"labels":)" +
         labels +
         R"(},"spec":{"template":{"spec":{"containers":[{"name":"c","image":"acme/c:1"}]}}},"status":{"replicas":1}})";
}

std::string list(const std::vector<std::string>& objects, const std::string& next = "") {
  std::string items;
  for (const auto& one : objects) items += (items.empty() ? "" : ",") + one;
  return R"({"metadata":{"continue":")" + next + R"("},"items":[)" + items + "]}";
}

std::string path_of(const http::ClientRequest& request) {
  return request.url.substr(std::string("https://api.test").size());
}

/// Answers by the beginning of the path; an empty list for every other one.
struct Fixture {
  explicit Fixture(std::vector<std::pair<std::string, Result<http::ClientResponse>>> table)
      : transport(std::make_shared<ScriptedTransport>(
            [table = std::move(table)](const http::ClientRequest& request) -> std::optional<ScriptedTransport::Answer> {
              for (const auto& [begin, answer] : table)
                if (path_of(request).starts_with(begin)) return answer;
              return cluster::respond(200, list({}));
            })),
        client(cluster::scripted_client(transport)) {}

  std::string found(const Selection& selection, const cluster::Catalog& served = catalog()) {
    const auto workloads = find_workloads(bounded(), *client, served, selection);
    if (!workloads) return "error: " + workloads.error().message;
    std::string out;
    for (const auto& workload : *workloads) out += (out.empty() ? "" : " ") + workload.id.to_string();
    return out;
  }
  std::vector<std::string> asked() {
    std::vector<std::string> paths;
    for (const auto& request : transport->requests()) paths.push_back(path_of(request));
    std::ranges::sort(paths);
    return paths;
  }

  std::shared_ptr<ScriptedTransport> transport;
  std::unique_ptr<cluster::Client> client;
};

TEST(FindWorkloads, lists_each_kind_once_across_the_cluster) {
  Fixture f({{"/apis/apps/v1/deployments", cluster::respond(200, list({object("shop", "a"), object("dev", "b")}))},
             {"/apis/batch/v1/cronjobs", cluster::respond(200, list({object("shop", "c")}))}});
  EXPECT_EQ(f.found({}), "shop:deployment/a dev:deployment/b shop:cronjob/c");
  EXPECT_EQ(f.asked(),
            (std::vector<std::string>{"/apis/apps/v1/daemonsets?limit=500", "/apis/apps/v1/deployments?limit=500",
                                      "/apis/apps/v1/statefulsets?limit=500", "/apis/batch/v1/cronjobs?limit=500",
                                      "/apis/flux.weave.works/v1beta1/helmreleases?limit=500",
                                      "/apis/helm.fluxcd.io/v1/helmreleases?limit=500"}));
}

TEST(FindWorkloads, falls_back_to_cron_jobs_of_old_clusters) {
  Fixture f({{"/apis/batch/v1beta1/cronjobs", cluster::respond(200, list({object("shop", "c")}))}});
  EXPECT_EQ(f.found({}, catalog(true)), "shop:cronjob/c");
}

TEST(FindWorkloads, reads_all_pages_and_starts_over_when_the_server_forgets) {
  Fixture f({});
  f.transport->set_script([gone = false](const http::ClientRequest& request) mutable {
    const auto path = path_of(request);
    if (!path.starts_with("/apis/apps/v1/deployments")) return std::optional(cluster::respond(200, list({})));
    if (path.find("continue=") == std::string::npos)
      return std::optional(cluster::respond(200, list({object("shop", "a")}, "next")));
    if (!std::exchange(gone, true)) return std::optional(cluster::respond(410));
    return std::optional(cluster::respond(200, list({object("shop", "b")})));
  });
  EXPECT_EQ(f.found({}), "shop:deployment/a shop:deployment/b");
}

TEST(FindWorkloads, keeps_to_the_allowed_namespaces) {
  Fixture f({{"/apis/apps/v1/namespaces/shop/deployments", cluster::respond(200, list({object("shop", "a")}))},
             {"/apis/apps/v1/namespaces/dev/deployments", cluster::respond(200, list({object("dev", "a")}))},
             {"/apis/apps/v1/deployments", cluster::respond(200, list({object("other", "a")}))}});
  EXPECT_EQ(f.found({.allowed = {"shop", "dev"}, .ns = "", .ids = {}}), "shop:deployment/a dev:deployment/a");
  EXPECT_EQ(f.found({.allowed = {"shop", "dev"}, .ns = "dev", .ids = {}}), "dev:deployment/a");
  EXPECT_EQ(f.found({.allowed = {"shop"}, .ns = "dev", .ids = {}}), "");
  EXPECT_EQ(f.found({.allowed = {}, .ns = "dev", .ids = {}}), "dev:deployment/a");
}

TEST(FindWorkloads, passes_over_what_may_not_be_seen_and_fails_for_the_rest) {
  Fixture f({{"/apis/apps/v1/deployments", cluster::respond(200, list({object("shop", "a")}))},
             {"/apis/apps/v1/daemonsets", cluster::respond(403)},
             {"/apis/apps/v1/statefulsets", cluster::respond(404)}});
  EXPECT_EQ(f.found({}), "shop:deployment/a");
  Fixture broken({{"/apis/apps/v1/daemonsets", cluster::respond(400, R"({"kind":"Status","message":"no"})")}});
  EXPECT_TRUE(broken.found({}).starts_with("error: listing daemonsets.apps: no")) << broken.found({});
}

TEST(FindWorkloads, never_lists_addons) {
  const std::string service = R"({"kubernetes.io/cluster-service":"true"})";
  const std::string managed = R"({"addonmanager.kubernetes.io/mode":"Reconcile"})";
  Fixture f({{"/apis/apps/v1/deployments",
              cluster::respond(200, list({object("kube-system", "a", service), object("kube-system", "b", managed),
                                          object("kube-system", "c"), object("shop", "d", service)}))}});
  EXPECT_EQ(f.found({}), "kube-system:deployment/c shop:deployment/d");
}

TEST(FindWorkloads, asks_for_named_ones_and_skips_what_is_none) {
  Fixture f(
      {{"/apis/apps/v1/namespaces/shop/deployments/a", cluster::respond(200, object("shop", "a"))},
       {"/apis/apps/v1/namespaces/shop/deployments/secret", cluster::respond(403)},
       {"/apis/helm.fluxcd.io/v1/namespaces/shop/helmreleases/r", cluster::respond(200, object("shop", "r"))},
       {"/apis/flux.weave.works/v1beta1/namespaces/shop/helmreleases/r", cluster::respond(200, object("shop", "r"))},
       {"/apis", cluster::respond(404)}});
  const auto ids = [](std::initializer_list<const char*> texts) {
    std::vector<ResourceId> out;
    for (const auto* text : texts) out.push_back(ResourceId::parse(text).value());
    return out;
  };
  EXPECT_EQ(f.found({.allowed = {"shop"},
                     .ns = "",
                     .ids = ids({"shop:deployment/a", "shop:deployment/gone", "shop:deployment/secret",
                                 "dev:deployment/a", "shop:configmap/a", "shop/a", "shop:helmrelease/r"})}),
            "shop:deployment/a shop:helmrelease/r");
  EXPECT_EQ(f.asked().size(), 5U) << "neither other kinds nor other namespaces are asked for";
}

TEST(ExportWorkloads, gives_each_namespace_with_its_workloads) {
  const std::string shop = R"({"metadata":{"name":"shop","uid":"u"}})";
  const std::string empty = R"({"metadata":{"name":"empty"}})";
  Fixture f({{"/api/v1/namespaces/shop", cluster::respond(200, shop)},
             {"/api/v1/namespaces/gone", cluster::respond(404)},
             {"/api/v1/namespaces?", cluster::respond(200, list({shop, empty}))},
             {"/apis/apps/v1/deployments", cluster::respond(200, list({object("shop", "a")}))},
             {"/apis/apps/v1/namespaces/shop/deployments", cluster::respond(200, list({object("shop", "a")}))}});
  const std::string workload =
      "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels: {}\n  name: a\n  namespace: shop\nspec:\n"
      "  template:\n    spec:\n      containers:\n      - image: acme/c:1\n        name: c\nstatus:\n  replicas: 1\n";
  const std::string ns = "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  uid: u\n";
  EXPECT_EQ(export_workloads(bounded(), *f.client, catalog(), {}).value(),
            "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: empty\n" + ns + workload);
  EXPECT_EQ(export_workloads(bounded(), *f.client, catalog(), {"shop", "gone"}).value(), ns + workload);
  EXPECT_EQ(export_workloads(bounded(), *f.client, catalog(), {"gone"}).value(), "");
}

}  // namespace find_test
}  // namespace flux::daemon
