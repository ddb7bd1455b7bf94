#include "sync/survey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "cluster/discovery.h"
#include "cluster/scripted_transport.h"
#include "cluster/testing/memory_api.h"

namespace flux::sync {
namespace survey_test {

using cluster::testing::MemoryApi;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string path_of(const std::string& name) { return "/api/v1/namespaces/shop/configmaps/" + name; }
ResourceId id_of(const std::string& name) { return {"shop", "configmap", name}; }

/// ConfigMaps that git wants, in a cluster that may have them.
struct SurveyTest : ::testing::Test {
  void in_git(const std::string& name, const ApiType& type = {"v1", "ConfigMap"}) {
    auto manifest = std::make_shared<Manifest>();
    manifest->type = type;
    manifest->name = name;
    desired.set(manifest->id_in("shop"), Desired(manifest, "shop"));
  }
  void in_cluster(const std::string& name) { api->put(path_of(name), Json::object()); }
  void refuse(int status, const std::string& part) {
    api->intercept([=](const auto& request) -> std::optional<Result<http::ClientResponse>> {
      if (request.url.find(part) == std::string::npos) return std::nullopt;
      return cluster::respond(status, R"({"kind":"Status","message":"no"})");
    });
  }
  Result<Survey> survey(const LiveSet& snapshot = {}, const std::set<ResourceId>* only = nullptr) {
    const auto catalog = discovery.catalog(bounded()).value();
    api->forget_requests();
    return survey_cluster(bounded(), *client, cache, snapshot, {*catalog, desired, applied, allowed, only});
  }

  std::shared_ptr<MemoryApi> api = std::make_shared<MemoryApi>();
  std::unique_ptr<cluster::Client> client = cluster::scripted_client(api);
  cluster::Discovery discovery{*client, {.excluded = {}, .max_age = std::chrono::hours(1)}};
  cluster::WatchCache cache{bounded(), *client, {}};
  DesiredSet desired;
  AppliedSet applied;
  std::set<std::string> allowed;
};

TEST_F(SurveyTest, AsksForWhatNobodyKnowsYet) {
  in_git("there");
  in_git("missing");
  in_git("applied");
  applied.set(id_of("applied"), {});
  in_cluster("there");
  in_cluster("applied");
  const auto found = survey();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->live.contains(id_of("there")));
  EXPECT_FALSE(found->live.contains(id_of("missing")));
  EXPECT_THAT(api->reads(), ElementsAre("GET " + path_of("missing"), "GET " + path_of("there")));
}

TEST_F(SurveyTest, KnowsWhatTheWatchesKnow) {
  in_git("a");
  LiveSet snapshot;
  auto object = std::make_shared<cluster::Object>();
  object->type = {"v1", "ConfigMap"};
  object->id = id_of("a");
  cluster::apply_change(snapshot, {nullptr, object});
  const auto found = survey(snapshot);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->live.contains(id_of("a")));
  EXPECT_THAT(api->reads(), IsEmpty());
}

TEST_F(SurveyTest, ListsATypeOfWhichManyAreUnknown) {
  for (const auto* name : {"a", "b", "c", "d"}) in_git(name);
  in_cluster("a");
  in_cluster("theirs");
  const auto found = survey();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->live.contains(id_of("a")));
  EXPECT_FALSE(found->live.contains(id_of("theirs")));
  EXPECT_THAT(api->reads(), ElementsAre(HasSubstr("GET /api/v1/configmaps?limit=")));
}

TEST_F(SurveyTest, AsksForEachWhereItMayNotList) {
  for (const auto* name : {"a", "b", "c", "d"}) in_git(name);
  in_cluster("c");
  refuse(403, "/configmaps?");
  const auto found = survey();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->live.contains(id_of("c")));
}

TEST_F(SurveyTest, LooksOnlyAtWhatItIsFor) {
  for (const auto* name : {"a", "b"}) in_git(name);
  const std::set<ResourceId> only{id_of("b"), id_of("not in git")};
  ASSERT_TRUE(survey({}, &only));
  EXPECT_THAT(api->reads(), ElementsAre("GET " + path_of("b")));
}

TEST_F(SurveyTest, AsksEachTimeForWhatIsNotWatched) {
  const cluster::Resource endpoints{{"v1", "Endpoints"}, "endpoints", true, true, true, true, true};
  api->serve(endpoints);
  in_git("e", endpoints.type);
  applied.set({"shop", "endpoints", "e"}, {});
  api->put("/api/v1/namespaces/shop/endpoints/e", Json::object());
  const auto found = survey();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->live.contains({"shop", "endpoints", "e"}));
}

TEST_F(SurveyTest, AsksNothingAboutAKindThatIsNotServed) {
  in_git("f", {"x.test/v1", "Foo"});
  ASSERT_TRUE(survey());
  EXPECT_THAT(api->reads(), IsEmpty());
}

TEST_F(SurveyTest, WhatCannotBeLookedUpIsUnseenAndStopsNothingElse) {
  in_git("bad");
  in_git("good");
  in_cluster("good");
  refuse(500, "/configmaps/bad");
  const auto found = survey();
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_TRUE(found->live.contains(id_of("good")));
  ASSERT_TRUE(found->unseen.contains(id_of("bad")));
  EXPECT_THAT(found->unseen.at(id_of("bad")).message, HasSubstr("shop:configmap/bad: no"));
}

TEST_F(SurveyTest, ATypeThatCannotBeListedIsUnseenAsAWhole) {
  for (const auto* name : {"a", "b", "c", "d"}) in_git(name);
  refuse(500, "/configmaps?");
  const auto found = survey();
  ASSERT_TRUE(found);
  EXPECT_THAT(found->unseen, SizeIs(4));
}

TEST_F(SurveyTest, AnObjectThatIsTooLongIsUnseenAndStopsNothingElse) {
  in_git("bad");
  in_git("good");
  in_cluster("good");
  api->intercept([](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    if (!request.url.ends_with("/configmaps/bad")) return std::nullopt;
    auto answer = cluster::respond(200, "{");
    answer->cut = true;
    return answer;
  });
  const auto found = survey();
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_TRUE(found->live.contains(id_of("good")));
  EXPECT_TRUE(found->unseen.contains(id_of("bad")));
}

TEST_F(SurveyTest, NamesThatAreNoPartOfAUrlAreNotAskedFor) {
  for (const auto* name : {"", ".", "..", "x/y", "a%b"}) in_git(name);
  ASSERT_TRUE(survey());
  EXPECT_THAT(api->reads(), IsEmpty());
}

TEST_F(SurveyTest, ListsOnlyTheAllowedNamespaces) {
  for (const auto* name : {"a", "b", "c", "d"}) in_git(name);
  in_cluster("a");
  allowed = {"shop"};
  const auto found = survey();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->live.contains(id_of("a")));
  EXPECT_THAT(api->reads(), ElementsAre(HasSubstr("GET /api/v1/namespaces/shop/configmaps?limit=")));
  allowed = {"other"};
  ASSERT_TRUE(survey());
  EXPECT_THAT(api->reads(), IsEmpty());
}

TEST_F(SurveyTest, ARejectedTokenSaysNothingAboutWhatIsThere) {
  in_git("a");
  refuse(401, "/configmaps/a");
  const auto found = survey();
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, AllOf(HasSubstr("collating resources in cluster for sync"), HasSubstr("no")));
  EXPECT_THAT(found.error().help, HasSubstr("credentials"));
}

TEST_F(SurveyTest, AServerThatDoesNotAnswerIsAnError) {
  in_git("a");
  api->intercept([](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    if (!request.url.ends_with("/configmaps/a")) return std::nullopt;
    return fail(ErrorKind::server, "connection refused");
  });
  const auto found = survey();
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, HasSubstr("connection refused"));
}

}  // namespace survey_test
}  // namespace flux::sync
