#include "sync/replace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/test_bounded.h"
#include "base/test_log.h"
#include "cluster/scripted_transport.h"
#include "cluster/testing/memory_api.h"

namespace flux::sync {
namespace replace_test {

using cluster::kConfigMaps;
using cluster::kDeployments;
using cluster::testing::MemoryApi;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

cluster::Resource resource(const char* api_version, const char* kind) {
  return {{api_version, kind}, "things", true, true, true, true, true};
}

TEST(AsksForReplacement, OnlyWithTheValueTrue) {
  Manifest manifest;
  EXPECT_FALSE(asks_for_replacement(manifest));
  manifest.policies["force"] = "false";
  EXPECT_FALSE(asks_for_replacement(manifest));
  manifest.policies["force"] = "true";
  EXPECT_TRUE(asks_for_replacement(manifest));
}

TEST(WhyNotReplaced, NeverDeletesWhatTakesDataWithIt) {
  const std::string retains =
      R"({"metadata":{"name":"x"},"spec":{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Retain"}}})";
  const std::string deletes =
      R"({"metadata":{"name":"x"},"spec":{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Delete"}}})";
  const std::string plain = R"({"metadata":{"name":"x"}})";
  const std::string ignored = R"({"metadata":{"name":"x","annotations":{"fluxcd.io/ignore":"true"}}})";
  const struct {
    cluster::Resource resource;
    std::string object;
    std::string expected;  ///< part of the reason; empty: may be replaced
  } cases[] = {
      {resource("v1", "Namespace"), "{}", "everything in it would be deleted"},
      {resource("v1", "PersistentVolume"), "{}", "its data would be deleted"},
      {resource("v1", "PersistentVolumeClaim"), "{}", "its data would be deleted"},
      {resource("apiextensions.k8s.io/v1", "CustomResourceDefinition"), "{}", "all objects of its kind"},
      {resource("apps/v1", "StatefulSet"), deletes, "PersistentVolumeClaims would be deleted"},
      {resource("apps/v1", "StatefulSet"), retains, ""},
      {resource("apps/v1", "StatefulSet"), plain, ""},
      {resource("apps/v1", "Deployment"), ignored, "leave it alone"},
      {resource("apps/v1", "Deployment"), "not JSON", "cannot be read"},
      {resource("batch/v1", "Job"), plain, ""},
      {resource("example.org/v1", "Namespace"), plain, ""},
  };
  for (const auto& [type, object, expected] : cases) {
    const auto why = why_not_replaced(type, object, {});
    if (expected.empty())
      EXPECT_EQ(why, "") << type.type.kind;
    else
      EXPECT_THAT(why, HasSubstr(expected)) << type.type.kind;
  }
}

TEST(ExplainImmutable, NamesTheAnnotationWhereItWouldHelp) {
  Manifest manifest;
  manifest.type = kDeployments.type;
  EXPECT_THAT(explain_immutable({}, manifest).help, HasSubstr(R"(fluxcd.io/force: "true")"));
  manifest.type = {"v1", "PersistentVolumeClaim"};
  EXPECT_THAT(explain_immutable({}, manifest).help, Not(HasSubstr("fluxcd.io/force")));
}

/// ConfigMaps in a cluster, one of which is to go.
struct DeleteToCreateAgain : ::testing::Test {
  DeleteToCreateAgain() { api->put(path, Json::object()); }
  std::vector<Result<void>> run(Duration patience = std::chrono::seconds(5)) {
    const Replacement replacement{
        {kConfigMaps, "shop", "a"}, {ErrorKind::user, "data: field is immutable", ""}, "a.yaml"};
    return delete_to_create_again(bounded().with_log(log.log()), *client, catalog, {}, std::span(&replacement, 1),
                                  patience);
  }

  const std::string path = "/api/v1/namespaces/shop/configmaps/a";
  KeptLog log;
  std::shared_ptr<MemoryApi> api = std::make_shared<MemoryApi>();
  std::unique_ptr<cluster::Client> client = cluster::scripted_client(api);
  cluster::Catalog catalog{{kConfigMaps}, {}, {}};
};

TEST_F(DeleteToCreateAgain, DeletesWhatItLookedAtAndTellsBefore) {
  const auto uid = (*api->object(path))["metadata"]["uid"].get<std::string>();
  std::string body;
  api->intercept([&](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    if (request.method != "DELETE") return std::nullopt;
    body = request.body;
    EXPECT_THAT(log.text(),
                HasSubstr("deleting the object to create it again\" resource=shop:configmap/a source=a.yaml"));
    return std::nullopt;
  });
  EXPECT_TRUE(run().at(0));
  EXPECT_FALSE(api->object(path));
  EXPECT_THAT(body, HasSubstr(R"("preconditions":{"uid":")" + uid + "\"}"));
  EXPECT_THAT(body, HasSubstr(R"("propagationPolicy":"Background")"));
}

TEST_F(DeleteToCreateAgain, WhatIsGoneAlreadyNeedsNoDeletion) {
  api->remove(path);
  EXPECT_TRUE(run().at(0));
  EXPECT_THAT(api->writes(), IsEmpty());
}

TEST_F(DeleteToCreateAgain, WaitsUntilItIsGone) {
  int looks = 0;
  api->intercept([&](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    if (request.method == "DELETE") return cluster::respond(200);
    if (++looks == 4) api->remove(path);
    return std::nullopt;
  });
  EXPECT_TRUE(run(std::chrono::minutes(1)).at(0));
  EXPECT_EQ(looks, 4);
}

TEST_F(DeleteToCreateAgain, GivesUpWaitingForAFinalizer) {
  api->intercept([](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    return request.method == "DELETE" ? std::optional(cluster::respond(200)) : std::nullopt;
  });
  const auto result = run(Duration::zero()).at(0);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("not gone yet"));
  EXPECT_THAT(result.error().help, HasSubstr("finalizers"));
}

TEST_F(DeleteToCreateAgain, AnotherObjectOfThatNameIsNotDeleted) {
  api->intercept([&](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    if (request.method == "DELETE") {
      api->remove(path);
      api->put(path, Json::object());
    }
    return std::nullopt;
  });
  const auto result = run().at(0);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("precondition"));
  EXPECT_TRUE(api->object(path));
}

TEST_F(DeleteToCreateAgain, SaysWhyTheAnnotationDoesNotHelp) {
  api->put(path, {{"metadata", {{"annotations", {{"fluxcd.io/ignore", "true"}}}}}});
  const auto result = run().at(0);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "data: field is immutable");
  EXPECT_THAT(result.error().help, HasSubstr("fluxcd.io/force does not help here, because somebody has asked"));
  EXPECT_THAT(api->writes(), IsEmpty());
}

}  // namespace replace_test
}  // namespace flux::sync
