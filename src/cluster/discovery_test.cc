#include "cluster/discovery.h"

#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "cluster/discovery_decode.h"
#include "cluster/scripted_transport.h"

namespace flux::cluster {
namespace discovery_test {

using Request = http::ClientRequest;
using Answer = std::optional<Result<http::ClientResponse>>;

constexpr const char* kCore =
    R"({"kind":"APIGroupDiscoveryList","items":[{"metadata":{},"versions":[{"version":"v1","freshness":"Current","resources":[
  {"resource":"configmaps","responseKind":{"group":"","version":"","kind":"ConfigMap"},"scope":"Namespaced","verbs":["delete","list","patch","watch"]},
  {"resource":"endpoints","responseKind":{"kind":"Endpoints"},"scope":"Namespaced","verbs":["list"]},
  {"resource":"events","responseKind":{"kind":"Event"},"scope":"Namespaced","verbs":["list"]},
  {"resource":"bindings","responseKind":{"kind":"Binding"},"scope":"Namespaced","verbs":["create"]},
  {"resource":"namespaces","responseKind":{"kind":"Namespace"},"scope":"Cluster","verbs":["list"],
   "subresources":[{"subresource":"status","responseKind":{"kind":"Namespace"},"verbs":["get"]}]}]}]}]})";
constexpr const char* kGroups = R"({"kind":"APIGroupDiscoveryList","items":[
  {"metadata":{"name":"autoscaling"},"versions":[
    {"version":"v2","freshness":"Current","resources":[{"resource":"horizontalpodautoscalers","responseKind":{"kind":"HorizontalPodAutoscaler"},"scope":"Namespaced","verbs":["list"]}]},
    {"version":"v1","freshness":"Current","resources":[{"resource":"horizontalpodautoscalers","responseKind":{"kind":"HorizontalPodAutoscaler"},"scope":"Namespaced","verbs":["list"]}]}]},
  {"metadata":{"name":"events.k8s.io"},"versions":[{"version":"v1","resources":[{"resource":"events","responseKind":{"kind":"Event"},"scope":"Namespaced","verbs":["list"]}]}]},
  {"metadata":{"name":"custom.metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale"}]},
  {"metadata":{"name":"ext.example.org"},"versions":[{"version":"v1","freshness":"Stale"}]}]})";

struct Fixture {
  explicit Fixture(ScriptedTransport::Script script, std::vector<std::string> excluded = {})
      : transport(std::make_shared<ScriptedTransport>(std::move(script))),
        client(scripted_client(transport)),
        discovery(*client, {std::move(excluded)}) {}
  std::shared_ptr<ScriptedTransport> transport;
  std::unique_ptr<Client> client;
  Discovery discovery;
};

Answer aggregated(const Request& request) { return respond(200, request.url.ends_with("/api") ? kCore : kGroups); }

std::vector<std::string> names(const std::vector<Resource>& resources) {
  std::vector<std::string> out;
  for (const auto& resource : resources) out.push_back(resource.type.api_version + "/" + resource.plural);
  return out;
}

TEST(Discovery, reads_everything_with_two_requests) {
  Fixture f(aggregated, {"*metrics.k8s.io/*", "v1/Event"});
  const auto catalog = f.discovery.catalog(bounded());
  ASSERT_TRUE(catalog) << catalog.error().message;
  EXPECT_EQ(f.transport->requests().size(), 2U);
  const auto& c = **catalog;
  EXPECT_EQ(names(c.listable()),
            (std::vector<std::string>{"v1/configmaps", "v1/namespaces", "autoscaling/v2/horizontalpodautoscalers"}));
  ASSERT_NE(c.find("autoscaling/v1", "HorizontalPodAutoscaler"), nullptr);
  EXPECT_EQ(c.listed_as({"autoscaling/v1", "HorizontalPodAutoscaler"})->type.api_version, "autoscaling/v2");
  EXPECT_EQ(c.preferred("autoscaling", "HorizontalPodAutoscaler")->type.api_version, "autoscaling/v2");
  EXPECT_NE(c.find("v1", "Event"), nullptr);
  EXPECT_EQ(c.listed_as({"v1", "Event"}), nullptr);
  EXPECT_FALSE(c.find("v1", "Namespace")->namespaced);
  EXPECT_TRUE(c.find("v1", "ConfigMap")->can_watch);
  EXPECT_EQ(c.find("v1", "Missing"), nullptr);
  EXPECT_FALSE(c.complete());
  ASSERT_EQ(c.failures().size(), 1U);
  EXPECT_TRUE(c.failures()[0].starts_with("ext.example.org/v1:")) << c.failures()[0];
}

TEST(Discovery, asks_again_only_when_invalidated) {
  Fixture f([](const Request& request) -> Answer {
    return respond(200, request.url.ends_with("/api") ? kCore : R"({"kind":"APIGroupDiscoveryList","items":[]})");
  });
  ASSERT_TRUE(f.discovery.catalog(bounded()));
  ASSERT_TRUE(f.discovery.catalog(bounded()));
  EXPECT_EQ(f.transport->requests().size(), 2U);
  f.discovery.invalidate();
  ASSERT_TRUE(f.discovery.catalog(bounded()));
  EXPECT_EQ(f.transport->requests().size(), 4U);
}

TEST(Discovery, something_incomplete_is_asked_for_again_only_after_a_while) {
  Fixture patient(aggregated);
  ASSERT_TRUE(patient.discovery.catalog(bounded()));
  ASSERT_TRUE(patient.discovery.catalog(bounded()));
  EXPECT_EQ(patient.transport->requests().size(), 2U);
  const auto transport = std::make_shared<ScriptedTransport>(aggregated);
  const auto client = scripted_client(transport);
  Discovery hasty(*client, {.excluded = {}, .max_age_of_incomplete = Duration::zero()});
  ASSERT_TRUE(hasty.catalog(bounded()));
  ASSERT_TRUE(hasty.catalog(bounded()));
  EXPECT_EQ(transport->requests().size(), 4U);
}

TEST(Discovery, what_says_the_same_is_the_same) {
  bool more = false;
  Fixture f([&](const Request& request) -> Answer {
    if (!request.url.ends_with("/api")) return respond(200, R"({"kind":"APIGroupDiscoveryList","items":[]})");
    return respond(200, more ? R"({"kind":"APIGroupDiscoveryList","items":[]})" : kCore);
  });
  const auto first = f.discovery.refresh(bounded()).value();
  EXPECT_EQ(f.discovery.refresh(bounded()).value(), first);
  more = true;
  EXPECT_NE(f.discovery.refresh(bounded()).value(), first);
}

TEST(Discovery, who_waits_for_a_refresh_does_so_within_the_deadline) {
  std::stop_source stop;
  Fixture f([](const Request&) -> Answer { return std::nullopt; });
  const std::jthread slow([&] { EXPECT_FALSE(f.discovery.refresh(bounded(stop.get_token()))); });
  while (f.transport->requests().empty()) std::this_thread::yield();
  const auto late = f.discovery.refresh(Context().with_timeout(std::chrono::milliseconds(1)));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::cancelled);
  stop.request_stop();
}

TEST(Discovery, falls_back_to_documents_and_notes_the_one_that_fails) {
  const auto legacy = [](const Request& request) -> Answer {
    const auto path = request.url.substr(std::string("https://api.test").size());
    if (path == "/api") return respond(200, R"({"kind":"APIVersions","versions":["v1"]})");
    if (path == "/api/v1")
      return respond(200, R"({"kind":"APIResourceList","resources":[
        {"name":"pods","kind":"Pod","namespaced":true,"verbs":["list"]},{"name":"pods/log","kind":"Pod","namespaced":true,"verbs":["get"]}]})");
    if (path == "/apis")
      return respond(200, R"({"kind":"APIGroupList","groups":[
        {"name":"apps","versions":[{"groupVersion":"apps/v1beta1"},{"groupVersion":"apps/v1"}],"preferredVersion":{"groupVersion":"apps/v1"}},
        {"name":"broken.org","versions":[{"groupVersion":"broken.org/v1"}]},
        {"name":"metrics.k8s.io","versions":[{"groupVersion":"metrics.k8s.io/v1"}]}]})");
    if (path.starts_with("/apis/apps"))
      return respond(
          200,
          R"({"kind":"APIResourceList","resources":[{"name":"deployments","kind":"Deployment","namespaced":true,"verbs":["list"]}]})");
    return respond(503, R"({"kind":"Status","message":"service unavailable"})");
  };
  Fixture f(legacy, {"*metrics.k8s.io/*"});
  const auto catalog = f.discovery.catalog(bounded());
  ASSERT_TRUE(catalog) << catalog.error().message;
  EXPECT_EQ(names((*catalog)->listable()), (std::vector<std::string>{"v1/pods", "apps/v1/deployments"}));
  EXPECT_NE((*catalog)->find("apps/v1beta1", "Deployment"), nullptr);
  ASSERT_EQ((*catalog)->failures().size(), 1U);
  EXPECT_TRUE((*catalog)->failures()[0].starts_with("broken.org/v1:"));
  for (const auto& request : f.transport->requests()) EXPECT_EQ(request.url.find("metrics"), std::string::npos);
}

TEST(Discovery, without_a_kubernetes_server_is_an_error) {
  Fixture page([](const Request&) -> Answer { return respond(200, "<html>"); });
  EXPECT_FALSE(page.discovery.catalog(bounded()));
  Fixture down([](const Request&) -> Answer { return respond(403); });
  EXPECT_FALSE(down.discovery.catalog(bounded()));
  EXPECT_EQ(down.discovery.last(), nullptr);
}

TEST(Resource, knows_its_paths) {
  EXPECT_EQ(kConfigMaps.path("shop", "a"), "/api/v1/namespaces/shop/configmaps/a");
  EXPECT_EQ(kDeployments.path(""), "/apis/apps/v1/deployments");
  EXPECT_EQ(kDeployments.group_resource(), "deployments.apps");
  const Resource node{{"v1", "Node"}, "nodes"};
  EXPECT_EQ(node.path("ignored", "a:b"), "/api/v1/nodes/a%3Ab");
}

}  // namespace discovery_test
}  // namespace flux::cluster
