#include "sync/execute.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "base/test_log.h"
#include "cluster/scripted_transport.h"
#include "cluster/testing/memory_api.h"

namespace flux::sync {
namespace execute_test {

using cluster::testing::MemoryApi;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const ApiType kConfigMap{"v1", "ConfigMap"};
const ApiType kNamespace{"v1", "Namespace"};
const ApiType kDeployment{"apps/v1", "Deployment"};
const ApiType kDefinition{"apiextensions.k8s.io/v1", "CustomResourceDefinition"};
const cluster::Resource kFoos{{"x.test/v1", "Foo"}, "foos", true, true, true, true, true};

/// A plan, and a cluster to carry it out in.
struct ExecuteTest : ::testing::Test {
  ResourceId add(const ApiType& type, const std::string& name, const std::string& ns = "shop",
                 const std::string& rest = R"("data":{"value":"1"})") {
    auto manifest = std::make_shared<Manifest>();
    manifest->type = type;
    manifest->name = name;
    manifest->metadata = R"({"name":")" + name + "\"}";
    manifest->rest = R"({"apiVersion":")" + type.api_version + R"(","kind":")" + type.kind + "\"," + rest + "}";
    manifest->source.path = name + ".yaml";
    const auto id = manifest->id_in(ns);
    desired.set(id, Desired(manifest, ns));
    plan.applies.push_back({id, TakeOver::nothing, "not in the cluster"});
    return id;
  }
  /// Puts an object there and plans its deletion.
  ResourceId drop(const cluster::Resource& resource, const std::string& name) {
    const auto path = resource.path("shop", name);
    api->put(path, Json::object());
    const auto stored = *api->object(path);
    auto object = std::make_shared<cluster::Object>();
    object->type = resource.type;
    object->id = ResourceId(resource.namespaced ? "shop" : "", resource.type.kind, name);
    object->uid = stored["metadata"]["uid"];
    object->resource_version = stored["metadata"]["resourceVersion"];
    plan.deletions.push_back({object->id, object, "no longer in git"});
    return object->id;
  }
  Outcome run() {
    EXPECT_TRUE(discovery.catalog(bounded()));
    api->forget_requests();
    facts.set_name = "set";
    facts.desired = &desired;
    facts.live = &live;
    facts.applied = &applied;
    return execute(bounded().with_log(log.log()), {"set", *client, discovery, cache}, plan, facts);
  }

  KeptLog log;
  std::shared_ptr<MemoryApi> api = std::make_shared<MemoryApi>();
  std::unique_ptr<cluster::Client> client = cluster::scripted_client(api);
  cluster::Discovery discovery{*client, {.excluded = {}, .max_age = std::chrono::hours(1)}};
  cluster::WatchCache cache{bounded(), *client, {}};
  Plan plan;
  PlanFacts facts;
  DesiredSet desired;
  LiveSet live;
  AppliedSet applied;
};

TEST_F(ExecuteTest, AppliesWithOurMarkAndRemembersWhatItDid) {
  const auto id = add(kConfigMap, "a");
  const auto outcome = run();
  const auto object = *api->object("/api/v1/namespaces/shop/configmaps/a");
  EXPECT_EQ(object["data"]["value"], "1");
  EXPECT_THAT(object["metadata"]["labels"][cluster::kGcMarkLabel].get<std::string>(), Not(IsEmpty()));
  ASSERT_TRUE(outcome.applied.contains(id));
  EXPECT_EQ(outcome.applied.at(id).uid, object["metadata"]["uid"]);
  EXPECT_EQ(outcome.applied.at(id).content, cluster::decode_object(dump_json(object), kConfigMap)->content());
  EXPECT_THAT(outcome.changed, ElementsAre(id));
  EXPECT_THAT(log.text(), HasSubstr("resource=shop:configmap/a outcome=created reason=\"not in the cluster\" "
                                    "source=a.yaml"));
}

TEST_F(ExecuteTest, GoesRankByRankAndDeletesTheOtherWayRound) {
  add(kNamespace, "shop", "");
  add(kConfigMap, "a");
  add(kDeployment, "d");
  drop(cluster::kDeployments, "old");
  drop(cluster::kConfigMaps, "old");
  drop(cluster::testing::kNamespaces, "old");
  run();
  EXPECT_THAT(api->writes(),
              ElementsAre("PATCH /api/v1/namespaces/shop", "PATCH /api/v1/namespaces/shop/configmaps/a",
                          "PATCH /apis/apps/v1/namespaces/shop/deployments/d",
                          "DELETE /apis/apps/v1/namespaces/shop/deployments/old",
                          "DELETE /api/v1/namespaces/shop/configmaps/old", "DELETE /api/v1/namespaces/old"));
}

TEST_F(ExecuteTest, OneRefusalStopsNoOther) {
  const auto bad = add(kConfigMap, "bad");
  const auto good = add(kConfigMap, "good");
  api->intercept([](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    if (request.url.find("/configmaps/bad") == std::string::npos) return std::nullopt;
    return cluster::respond(403, R"({"kind":"Status","message":"quota exceeded","reason":"Forbidden"})");
  });
  const auto outcome = run();
  EXPECT_TRUE(outcome.applied.contains(good));
  ASSERT_TRUE(outcome.errors.contains(bad));
  EXPECT_THAT(outcome.errors.at(bad).source, HasSubstr("bad.yaml"));
  EXPECT_THAT(outcome.errors.at(bad).error.message, HasSubstr("quota exceeded"));
}

TEST_F(ExecuteTest, ClaimsDefaultsThatStandInTheWayAndTriesOnceMore) {
  const auto path = std::string("/apis/apps/v1/namespaces/shop/deployments/");
  const auto rest = R"("spec":{"strategy":{"type":"Recreate"}})";
  const auto good = add(kDeployment, "good", "shop", rest);
  const auto bad = add(kDeployment, "bad", "shop", rest);
  api->put(path + "good", {{"spec", {{"strategy", {{"rollingUpdate", {{"maxSurge", 1}}}}}}}});
  api->put(path + "bad", {{"spec", {{"strategy", Json::object()}}}});
  std::vector<std::string> patches;
  api->intercept([&](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    const bool is_good = request.url.find("/good") != std::string::npos;
    if (request.method != "PATCH" || (is_good && patches.size() == 1)) return std::nullopt;
    if (!request.body.starts_with('[')) return cluster::respond(422, R"({"kind":"Status","message":"Forbidden"})");
    patches.push_back(request.body);
    return cluster::respond(200, api->object(path + "good")->dump());
  });
  const auto outcome = run();
  ASSERT_THAT(patches, SizeIs(1));
  EXPECT_THAT(patches[0], HasSubstr("f:rollingUpdate"));
  EXPECT_TRUE(outcome.applied.contains(good));
  ASSERT_TRUE(outcome.errors.contains(bad));
  EXPECT_THAT(outcome.errors.at(bad).error.message, HasSubstr("Forbidden"));
  EXPECT_THAT(outcome.errors, SizeIs(1));
}

constexpr std::string_view kImmutable =
    R"({"kind":"Status","message":"no","details":{"causes":[{"reason":"FieldValueForbidden",)"
    R"("message":"Forbidden: field is immutable when `immutable` is set","field":"data"}]}})";

TEST_F(ExecuteTest, DeletesAndCreatesAgainWhatAsksForIt) {
  const auto path = std::string("/api/v1/namespaces/shop/configmaps/");
  const auto forced = add(kConfigMap, "forced");
  const auto plain = add(kConfigMap, "plain");
  auto asking = std::make_shared<Manifest>(*desired.at(forced).manifest);
  asking->policies["force"] = "true";
  desired.set(forced, Desired(asking, "shop"));
  api->put(path + "forced", {{"data", {{"value", "0"}}}});
  api->put(path + "plain", {{"data", {{"value", "0"}}}});
  const auto before = (*api->object(path + "forced"))["metadata"]["uid"];
  api->intercept([&](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    const auto name = request.url.find("/forced") == std::string::npos ? "plain" : "forced";
    const auto object = api->object(path + name);
    if (request.method != "PATCH" || !object || (*object)["data"]["value"] == "1") return std::nullopt;
    return cluster::respond(422, std::string(kImmutable));
  });
  const auto outcome = run();
  EXPECT_THAT(outcome.replaced, ElementsAre(forced));
  EXPECT_THAT(outcome.changed, ElementsAre(forced));
  const auto after = *api->object(path + "forced");
  EXPECT_EQ(after["data"]["value"], "1");
  EXPECT_NE(after["metadata"]["uid"], before);
  EXPECT_EQ(outcome.applied.at(forced).uid, after["metadata"]["uid"]);
  EXPECT_THAT(log.text(), HasSubstr("resource=shop:configmap/forced outcome=\"deleted and created again\""));
  ASSERT_THAT(outcome.errors, SizeIs(1));
  EXPECT_THAT(outcome.errors.at(plain).error.help, HasSubstr("fluxcd.io/force: \"true\""));
  EXPECT_EQ((*api->object(path + "plain"))["data"]["value"], "0");
}

TEST_F(ExecuteTest, TellsWhatTheApiServerWarnsOfOnceForAKind) {
  add(kConfigMap, "a");
  add(kConfigMap, "b");
  api->intercept([](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    if (request.method != "PATCH") return std::nullopt;
    return cluster::respond(200, R"({"metadata":{"name":"a","namespace":"shop","uid":"u","resourceVersion":"1"}})",
                            {{"Warning", R"(299 - "v1 ConfigMap is deprecated")"}});
  });
  run();
  const auto text = log.text();
  const auto told = text.find("text=\"v1 ConfigMap is deprecated\" resource=shop:configmap/a source=\"a.yaml (");
  ASSERT_NE(told, std::string::npos) << text;
  EXPECT_EQ(text.find("is deprecated", told + 40), std::string::npos) << text;
}

TEST_F(ExecuteTest, SaysWhenWhatWasDeletedCannotBeCreatedAgain) {
  const auto path = std::string("/api/v1/namespaces/shop/configmaps/a");
  const auto id = add(kConfigMap, "a");
  auto asking = std::make_shared<Manifest>(*desired.at(id).manifest);
  asking->policies["force"] = "true";
  desired.set(id, Desired(asking, "shop"));
  api->put(path, {{"data", {{"value", "0"}}}});
  api->intercept([&](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    if (request.method != "PATCH") return std::nullopt;
    if (api->object(path)) return cluster::respond(422, std::string(kImmutable));
    return cluster::respond(403, R"({"kind":"Status","message":"exceeded quota","reason":"Forbidden"})");
  });
  const auto outcome = run();
  EXPECT_THAT(outcome.replaced, IsEmpty());
  EXPECT_THAT(outcome.errors.at(id).error.message, HasSubstr("was deleted to be created again, but then"));
  EXPECT_THAT(outcome.errors.at(id).error.message, HasSubstr("exceeded quota"));
}

TEST_F(ExecuteTest, DeletesOnlyWhatItLookedAt) {
  const auto id = drop(cluster::kConfigMaps, "old");
  api->put("/api/v1/namespaces/shop/configmaps/old", {{"data", {{"changed", "since"}}}});
  const auto outcome = run();
  EXPECT_TRUE(api->object("/api/v1/namespaces/shop/configmaps/old"));
  EXPECT_THAT(outcome.deleted, IsEmpty());
  EXPECT_FALSE(outcome.errors.contains(id));
  EXPECT_THAT(outcome.changed_since, ElementsAre(id));
  EXPECT_THAT(log.text(), HasSubstr("has changed since it was looked at"));
}

TEST_F(ExecuteTest, ADryRunTellsAndDeletesNothing) {
  drop(cluster::kConfigMaps, "old");
  facts.collect.dry_run = true;
  run();
  EXPECT_THAT(api->writes(), IsEmpty());
  EXPECT_THAT(log.text(), HasSubstr("dry-run=true resource=shop:configmap/old"));
}

TEST_F(ExecuteTest, AKindThatNobodyServesIsAnErrorOfItsResource) {
  const auto foo = add(kFoos.type, "f");
  const auto map = add(kConfigMap, "a");
  const auto outcome = run();
  EXPECT_TRUE(outcome.applied.contains(map));
  EXPECT_EQ(outcome.errors.at(foo).error.message, "resource not found for API x.test/v1, kind Foo");
}

TEST_F(ExecuteTest, WaitsForTheDefinitionThatComesWithItsObjects) {
  const auto definition =
      add(kDefinition, "foos.x.test", "",
          R"("spec":{"group":"x.test","names":{"plural":"foos"},"versions":[{"name":"v1","served":true}]})");
  const auto foo = add(kFoos.type, "f");
  int asked = 0;
  api->intercept([&](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    const auto path = std::string("/customresourcedefinitions/foos.x.test");
    if (request.method != "GET" || !request.url.ends_with(path) || ++asked < 3) return std::nullopt;
    if (asked == 3) api->serve(kFoos);
    return cluster::respond(200, R"({"spec":{"group":"x.test","names":{"plural":"foos"},
        "versions":[{"name":"v1","served":true}]},"status":{"conditions":[{"type":"Established","status":"True"}]}})");
  });
  const auto outcome = run();
  EXPECT_THAT(outcome.errors, IsEmpty());
  EXPECT_TRUE(outcome.applied.contains(definition));
  EXPECT_TRUE(outcome.applied.contains(foo));
}

TEST_F(ExecuteTest, WhatTheDeadlineCutsOffIsAnErrorOfItsResource) {
  const auto a = add(kConfigMap, "a");
  EXPECT_TRUE(discovery.catalog(bounded()));
  facts.set_name = "set";
  facts.desired = &desired;
  facts.live = &live;
  facts.applied = &applied;
  const auto outcome =
      execute(Context{}.with_timeout(Duration::zero()), {"set", *client, discovery, cache}, plan, facts);
  EXPECT_THAT(outcome.applied, IsEmpty());
  ASSERT_TRUE(outcome.errors.contains(a));
  EXPECT_EQ(outcome.errors.at(a).error.kind, ErrorKind::cancelled);
}

TEST_F(ExecuteTest, TakesOverFromKubectlBeforeItApplies) {
  const auto path = std::string("/api/v1/namespaces/shop/configmaps/a");
  api->put(path, {{"data", {{"value", "0"}}},
                  {"metadata",
                   {{"managedFields",
                     {{{"manager", "kubectl-client-side-apply"},
                       {"operation", "Update"},
                       {"fieldsV1", {{"f:data", {{"f:value", Json::object()}}}}}}}}}}});
  add(kConfigMap, "a");
  plan.applies.back().take_over = TakeOver::everything;
  run();
  // First the patch that makes those fields ours, then the apply.
  EXPECT_THAT(api->writes(), ElementsAre("PATCH " + path, "PATCH " + path));
}

}  // namespace execute_test
}  // namespace flux::sync
