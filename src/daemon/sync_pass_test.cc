#include "daemon/sync_pass.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "daemon/testing/memory_world.h"

namespace flux::daemon {
namespace sync_pass_test {

using git::testing::File;
using git::testing::Files;
using git::testing::MemoryMirror;
using memory::config_map;
using memory::MemoryWorld;
using memory::path_of;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

/// Keeps the events themselves.
struct KeptEvents : EventSink {
  void send(const Context&, const Event& event) override { texts.push_back(to_string(event)); }
  std::vector<std::string> texts;
};

/// A repository and a cluster in memory, and one sync pass between them that collects garbage.
struct SyncPassTest : ::testing::Test {
  SyncPassTest() {
    options.set_name = "set";
    options.branch.name = "main";
    options.collect.enabled = true;
    options.collect.max_share = 1;
    begin();
  }
  /// As a new process would.
  void begin() {
    pass.emplace(options, mirror, sync::Cluster{"set", *world.client, world.discovery, world.cache}, *marker,
                 world.metrics, reports, events);
  }
  std::string commit(const Files& files) {
    auto revision = mirror.upstream().commit({.files = files});
    EXPECT_TRUE(mirror.refresh(bounded()));
    return revision;
  }
  Result<void> sync(const std::string& revision, bool everything = false) {
    world.api->forget_requests();
    return pass->run(world.context(), revision, everything);
  }
  std::string marked() { return marker->read(bounded()).value(); }
  std::vector<std::string> writes() { return world.api->writes(); }

  MemoryWorld world;
  MemoryMirror mirror;
  std::unique_ptr<sync::Marker> marker = sync::tag_marker(mirror, "flux-sync", {"Flux", "flux@test", ""}, false);
  SyncOptions options;
  Published<SyncReport> reports;
  KeptEvents events;
  std::optional<SyncPass> pass;
};

TEST_F(SyncPassTest, BringsTheClusterInStepMovesTheMarkerAndTells) {
  const auto revision = commit({{"a.yaml", config_map("a")}});
  ASSERT_TRUE(sync(revision));
  EXPECT_THAT(writes(), ElementsAre("PATCH " + path_of("a")));
  EXPECT_EQ((*world.api->object(path_of("a")))["data"]["value"], "1");
  EXPECT_EQ(marked(), revision);
  EXPECT_THAT(events.texts, ElementsAre("Sync: " + revision.substr(0, 7) + ", shop:configmap/a"));
  const auto report = reports.latest();
  EXPECT_EQ(report->live_revision, revision);
  EXPECT_EQ(report->last->revision, revision);
  EXPECT_FALSE(report->last->error);
  EXPECT_TRUE(report->applied.contains(ResourceId("shop", "configmap", "a")));
}

TEST_F(SyncPassTest, WritesOnlyWhatACommitChanges) {
  ASSERT_TRUE(sync(commit({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}})));
  const auto second = commit({{"a.yaml", config_map("a", "2")}, {"b.yaml", config_map("b")}});
  ASSERT_TRUE(sync(second));
  EXPECT_THAT(writes(), ElementsAre("PATCH " + path_of("a")));
  EXPECT_THAT(world.api->reads(), Not(Contains(HasSubstr("limit="))));
  EXPECT_THAT(events.texts.back(), "Sync: " + second.substr(0, 7) + ", shop:configmap/a");
}

TEST_F(SyncPassTest, CountsInvalidFiltersWhateverElseACommitChanges) {
  const auto with_filter = [](const std::string& filter) {
    return "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop, annotations: "
           "{fluxcd.io/tag.web: '" +
           filter + "'}}\n";
  };
  const auto counted = [](int invalid) {
    return HasSubstr("\nflux_daemon_invalid_filters " + std::to_string(invalid) + "\n");
  };
  ASSERT_TRUE(sync(commit({{"a.yaml", with_filter("semver:~3.")}})));
  EXPECT_THAT(world.metrics.exposition(), counted(1));
  ASSERT_TRUE(sync(commit({{"a.yaml", with_filter("semver:~3.")}, {"b.yaml", config_map("b")}})));
  EXPECT_THAT(world.metrics.exposition(), counted(1));
  ASSERT_TRUE(sync(commit({{"a.yaml", with_filter("semver:~3")}, {"b.yaml", config_map("b")}})));
  EXPECT_THAT(world.metrics.exposition(), counted(0));
}

TEST_F(SyncPassTest, CountsAsOneRequestToTheClusterWhatASyncSends) {
  const auto count = [&](const char* success) {
    return HasSubstr(std::string("flux_platform_request_duration_seconds_count{method=\"Sync\",success=\"") + success +
                     "\"} 1\n");
  };
  const auto revision = commit({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}});
  ASSERT_TRUE(sync(revision));
  EXPECT_THAT(world.metrics.exposition(), count("true"));
  ASSERT_TRUE(sync(revision));
  EXPECT_THAT(world.metrics.exposition(), count("true")) << "nothing was sent";
  world.api->intercept([](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    if (request.method != "PATCH") return std::nullopt;
    return cluster::respond(422, R"({"kind":"Status","message":"no good","reason":"Invalid","code":422})");
  });
  ASSERT_TRUE(sync(commit({{"a.yaml", config_map("a", "2")}, {"b.yaml", config_map("b")}})));
  EXPECT_THAT(world.metrics.exposition(), count("false"));
}

TEST_F(SyncPassTest, DeletesWhatLeftGitUnlessToldNotTo) {
  ASSERT_TRUE(sync(commit({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}})));
  const auto without = commit({{"a.yaml", config_map("a")}});
  ASSERT_TRUE(sync(without));
  EXPECT_THAT(writes(), ElementsAre("DELETE " + path_of("b")));
  options.collect.enabled = false;
  begin();
  ASSERT_TRUE(sync(commit({{"c.yaml", config_map("c")}})));
  EXPECT_THAT(writes(), ElementsAre("PATCH " + path_of("c")));
}

TEST_F(SyncPassTest, PutsRightWhatSomebodyChangedAndNothingElse) {
  const auto revision = commit({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}});
  ASSERT_TRUE(sync(revision));
  auto object = *world.api->object(path_of("a"));
  object["data"]["value"] = "theirs";
  object["metadata"].erase("managedFields");
  world.api->put(path_of("a"), object);
  const auto is_theirs = [&] {
    const auto live = world.cache.snapshot();
    return live.at(ResourceId("shop", "configmap", "a")).front()->owned_fields == 0;
  };
  while (!is_theirs()) ASSERT_TRUE(world.changed.wait(bounded(), std::chrono::seconds(30)));
  ASSERT_TRUE(sync(revision));
  EXPECT_THAT(writes(), ElementsAre("PATCH " + path_of("a")));
  EXPECT_EQ((*world.api->object(path_of("a")))["data"]["value"], "1");
}

TEST_F(SyncPassTest, AppliesEverythingOnceAfterTheClusterWentBack) {
  const auto revision = commit({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}});
  ASSERT_TRUE(sync(revision));
  ASSERT_TRUE(sync(revision));
  EXPECT_THAT(writes(), IsEmpty());
  pass->forget_cluster();
  ASSERT_TRUE(sync(revision));
  EXPECT_THAT(writes(), ElementsAre("PATCH " + path_of("a"), "PATCH " + path_of("b")));
}

TEST_F(SyncPassTest, AValueThatIsChangedUnderTheSameManagerIsPutRight) {
  const auto revision = commit({{"a.yaml", config_map("a")}});
  ASSERT_TRUE(sync(revision));
  auto object = *world.api->object(path_of("a"));
  object["data"]["value"] = "theirs";  // the same fields, the same manager
  const auto before = world.cache.snapshot().at(ResourceId("shop", "configmap", "a")).front();
  world.api->put(path_of("a"), object);
  const auto is_known = [&] {
    return world.cache.snapshot().at(ResourceId("shop", "configmap", "a")).front() != before;
  };
  while (!is_known()) ASSERT_TRUE(world.changed.wait(bounded(), std::chrono::seconds(30)));
  ASSERT_TRUE(sync(revision));
  EXPECT_EQ((*world.api->object(path_of("a")))["data"]["value"], "1");
}

TEST_F(SyncPassTest, OneRefusedResourceStopsNoOther) {
  world.api->intercept([](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    if (request.url.find("/configmaps/a") == std::string::npos || request.method != "PATCH") return std::nullopt;
    return cluster::respond(422, R"({"kind":"Status","message":"no good","reason":"Invalid","code":422})");
  });
  const auto revision = commit({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}});
  ASSERT_TRUE(sync(revision));
  EXPECT_TRUE(world.api->object(path_of("b")));
  EXPECT_EQ(marked(), revision);
  const auto errors = reports.latest()->errors;
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors.begin()->second.source, "a.yaml (document 1, line 2)");
  EXPECT_THAT(errors.begin()->second.error.message, HasSubstr("no good"));
  EXPECT_TRUE(pass->facts().retry);  // there is a time for the next try

  world.api->intercept({});
  ASSERT_TRUE(sync(revision, /*everything=*/true));
  EXPECT_TRUE(world.api->object(path_of("a")));
  EXPECT_THAT(reports.latest()->errors, IsEmpty());
  EXPECT_FALSE(pass->facts().retry);
}

TEST_F(SyncPassTest, AKindThatIsNotWatchedIsWrittenOnceAndPutRightWhenAllIsCompared) {
  world.api->serve({{"v1", "Endpoints"}, "endpoints", true, true, true, true, true});
  const auto path = std::string("/api/v1/namespaces/shop/endpoints/e");
  const auto revision =
      commit({{"e.yaml", "apiVersion: v1\nkind: Endpoints\nmetadata: {name: e, namespace: shop}\nsubsets: []\n"}});
  ASSERT_TRUE(sync(revision));
  EXPECT_THAT(writes(), ElementsAre("PATCH " + path));
  for (const bool everything : {false, false, true}) {
    ASSERT_TRUE(sync(revision, everything));
    EXPECT_THAT(writes(), IsEmpty());
  }
  world.api->remove(path);
  ASSERT_TRUE(sync(revision, /*everything=*/true));
  EXPECT_THAT(writes(), ElementsAre("PATCH " + path));
}

TEST_F(SyncPassTest, AResourceThatCanHaveNoNameIsRefusedByItsPlaceAndStopsNoOther) {
  const auto revision = commit({{"a.yaml", config_map("a")},
                                {"b.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x/y, namespace: shop}\n"},
                                {"c.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {generateName: ns-}\n"}});
  ASSERT_TRUE(sync(revision));
  ASSERT_TRUE(sync(revision, /*everything=*/true));
  EXPECT_THAT(world.api->paths(), ElementsAre(path_of("a")));
  EXPECT_EQ(marked(), revision);
  const auto errors = reports.latest()->errors;
  ASSERT_THAT(errors, SizeIs(2));
  EXPECT_EQ(errors.begin()->second.error.message,
            "metadata.name is missing, and metadata.generateName does not replace it");
  EXPECT_EQ(errors.rbegin()->second.source, "b.yaml (document 1, line 1)");
  EXPECT_FALSE(pass->facts().retry);  // only another manifest helps
  const auto log = world.log.text();
  EXPECT_EQ(log.find("resource=shop:configmap/x/y"), log.rfind("resource=shop:configmap/x/y"));
}

TEST_F(SyncPassTest, WhatCannotBeLookedUpWaitsAndStopsNoOther) {
  world.api->intercept([](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    if (request.method != "GET" || !request.url.ends_with("/configmaps/a")) return std::nullopt;
    return cluster::respond(500, R"({"kind":"Status","message":"conversion webhook failed","code":500})");
  });
  const auto revision = commit({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}});
  ASSERT_TRUE(sync(revision));
  EXPECT_THAT(world.api->paths(), ElementsAre(path_of("b")));
  EXPECT_THAT(reports.latest()->errors.begin()->second.error.message, HasSubstr("conversion webhook failed"));
  EXPECT_TRUE(pass->facts().retry);
  world.api->intercept({});
  ASSERT_TRUE(sync(revision, /*everything=*/true));
  EXPECT_THAT(world.api->paths(), ElementsAre(path_of("a"), path_of("b")));
}

TEST_F(SyncPassTest, AnObjectThatChangedBeforeItsDeletionIsTriedAgainSoon) {
  ASSERT_TRUE(sync(commit({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}})));
  bool once = true;
  world.api->intercept([&](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    if (request.method != "DELETE" || !std::exchange(once, false)) return std::nullopt;
    return cluster::respond(409, R"({"kind":"Status","message":"the precondition failed","code":409})");
  });
  const auto without = commit({{"a.yaml", config_map("a")}});
  ASSERT_TRUE(sync(without));
  EXPECT_TRUE(world.api->object(path_of("b")));
  ASSERT_TRUE(pass->facts().retry);
  // As when that time has come.
  while (*pass->facts().retry > Clock::now()) std::this_thread::yield();
  ASSERT_TRUE(sync(without));
  EXPECT_FALSE(world.api->object(path_of("b")));
}

TEST_F(SyncPassTest, TwoKindsOfOneNameInTwoGroupsAreTwoObjects) {
  world.api->serve({{"x.test/v1", "ConfigMap"}, "configmaps", true, true, true, true, true});
  const std::string theirs = "/apis/x.test/v1/namespaces/shop/configmaps/a";
  const auto other = [](const std::string& value) {
    return "apiVersion: x.test/v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\nvalue: '" + value + "'\n";
  };
  ASSERT_TRUE(sync(commit({{"a.yaml", config_map("a")}})));
  ASSERT_TRUE(sync(commit({{"a.yaml", config_map("a")}, {"b.yaml", other("1")}})));
  EXPECT_THAT(writes(), ElementsAre("PATCH " + theirs)) << "nothing new for the first";
  EXPECT_THAT(events.texts.back(), HasSubstr("shop:configmap.x.test/a"));
  const auto both = commit({{"a.yaml", config_map("a")}, {"b.yaml", other("2")}});
  ASSERT_TRUE(sync(both));
  EXPECT_THAT(writes(), ElementsAre("PATCH " + theirs));

  // What somebody does to one of them is put right there.
  world.api->remove(theirs);
  const auto are_there = [&] { return world.cache.snapshot().at(ResourceId("shop", "configmap", "a")).size(); };
  while (are_there() > 1) ASSERT_TRUE(world.changed.wait(bounded(), std::chrono::seconds(30)));
  ASSERT_TRUE(sync(both));
  EXPECT_THAT(writes(), ElementsAre("PATCH " + theirs));
  begin();
  ASSERT_TRUE(sync(both));
  EXPECT_THAT(writes(), UnorderedElementsAre("PATCH " + theirs, "PATCH " + path_of("a"))) << "a new process";

  ASSERT_TRUE(sync(commit({{"a.yaml", config_map("a")}})));
  EXPECT_THAT(writes(), ElementsAre("DELETE " + theirs));
  ASSERT_TRUE(sync(commit({{"a.yaml", config_map("a")}, {"b.yaml", other("1")}})));
  const auto last = commit({{"b.yaml", other("1")}});
  ASSERT_TRUE(sync(last));
  EXPECT_THAT(writes(), Contains("DELETE " + path_of("a")));
  EXPECT_THAT(writes(), Not(Contains("DELETE " + theirs)));
  ASSERT_TRUE(sync(last, /*everything=*/true));
  EXPECT_THAT(world.api->paths(), ElementsAre(theirs));
}

TEST_F(SyncPassTest, AFileThatCannotBeReadLeavesEverythingAsItWas) {
  const auto good = commit({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}});
  ASSERT_TRUE(sync(good));
  const auto done = sync(commit({{"a.yaml", "apiVersion: v1\nkind: [\n"}}));
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("a.yaml"));
  EXPECT_THAT(writes(), IsEmpty());
  EXPECT_EQ(marked(), good);
  EXPECT_EQ(reports.latest()->live_revision, good);
  EXPECT_TRUE(reports.latest()->last->error);
}

TEST_F(SyncPassTest, GitThatCannotBeReadIsLookedAtByTheMirror) {
  const auto revision = commit({{"a.yaml", config_map("a")}});
  mirror.copy(git::Reader::sync).faults().fail_next({ErrorKind::server, "bad object", ""}, 100);
  EXPECT_FALSE(sync(revision));
  EXPECT_EQ(mirror.doubted(), 1);
  mirror.copy(git::Reader::sync).faults().fail_next({ErrorKind::server, "", ""}, 0);
  EXPECT_TRUE(sync(revision));
}

TEST_F(SyncPassTest, AMarkerThatCannotBeMovedIsTriedAgainWithoutApplyingAnew) {
  const auto revision = commit({{"a.yaml", config_map("a")}});
  mirror.pushes().fail_next({ErrorKind::server, "hook declined", ""});
  const auto done = sync(revision);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("hook declined"));
  EXPECT_EQ(reports.latest()->live_revision, revision);
  ASSERT_TRUE(sync(revision));
  EXPECT_THAT(writes(), IsEmpty());
  EXPECT_THAT(events.texts, SizeIs(1));
  EXPECT_EQ(marked(), revision);
}

TEST_F(SyncPassTest, ANewProcessAppliesOnceAndTellsOnlyOfWhatIsNew) {
  ASSERT_TRUE(sync(commit({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}})));
  const auto second = commit({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b", "2")}});
  begin();
  ASSERT_TRUE(sync(second));
  EXPECT_THAT(writes(), ElementsAre("PATCH " + path_of("a"), "PATCH " + path_of("b")));
  EXPECT_THAT(events.texts.back(), "Sync: " + second.substr(0, 7) + ", shop:configmap/b");
}

TEST_F(SyncPassTest, AfterAForcePushTheMarkersCommitMayBeGone) {
  const auto old = commit({{"a.yaml", config_map("a")}});
  ASSERT_TRUE(sync(old));
  const auto revision = mirror.upstream().commit({.files = {{"a.yaml", config_map("a", "2")}}, .parents = {{}}});
  ASSERT_TRUE(mirror.refresh(bounded()));
  mirror.copy(git::Reader::sync).lose_object(old);
  begin();
  ASSERT_TRUE(sync(revision)) << sync(revision).error().message;
  EXPECT_EQ(marked(), revision);
}

TEST_F(SyncPassTest, AKindThatNobodyServesIsToldOfAndProtected) {
  const auto revision =
      commit({{"a.yaml", config_map("a")},
              {"f.yaml", "apiVersion: x.test/v1\nkind: Foo\nmetadata: {name: f, namespace: shop}\n"}});
  ASSERT_TRUE(sync(revision));
  EXPECT_TRUE(world.api->object(path_of("a")));
  EXPECT_THAT(*reports.latest()->desired.unscoped, SizeIs(1));
  EXPECT_THAT(world.log.text(), HasSubstr("cannot find scope of resource Foo/f"));
  world.api->serve({{"x.test/v1", "Foo"}, "foos", true, true, true, true, true});
  ASSERT_TRUE(sync(revision, /*everything=*/true));
  EXPECT_TRUE(world.api->object("/apis/x.test/v1/namespaces/shop/foos/f"));
  EXPECT_THAT(world.log.text(), HasSubstr("back in business"));
}

TEST_F(SyncPassTest, ALargeLossIsRefusedAsAWholeAndToldOnce) {
  options.collect.max_share = 0.5;
  begin();
  Files all;
  for (char name = 'a'; name < 'k'; ++name)
    all.emplace(std::string(1, name) + ".yaml", config_map(std::string(1, name)));
  ASSERT_TRUE(sync(commit(all)));
  const auto few = commit({{"a.yaml", config_map("a")}});
  ASSERT_TRUE(sync(few));
  ASSERT_TRUE(sync(few, /*everything=*/true));
  EXPECT_THAT(world.api->paths(), SizeIs(10));
  const auto log = world.log.text();
  const auto first = log.find("garbage collection refused");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(log.find("garbage collection refused", first + 1), std::string::npos);
}

TEST_F(SyncPassTest, AMoveToAnotherNamespaceIsOneDecision) {
  options.collect.max_share = 0.5;
  begin();
  const auto in = [](const std::string& ns) {
    Files files;
    for (const std::string name : {"a", "b", "c"})
      files.emplace(name + ".yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: " + ns +
                                        "}\ndata: {value: '1'}\n");
    return files;
  };
  ASSERT_TRUE(sync(commit(in("old"))));
  ASSERT_TRUE(sync(commit(in("new"))));
  EXPECT_THAT(writes(), SizeIs(6));
  for (const auto& path : world.api->paths()) EXPECT_THAT(path, HasSubstr("/namespaces/new/"));
  EXPECT_EQ(world.log.text().find("refused"), std::string::npos);
}

TEST_F(SyncPassTest, WhatHasMovedStaysUntilItIsInItsNewPlace) {
  ASSERT_TRUE(sync(commit({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}})));
  world.api->intercept([](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    if (request.method != "PATCH" || request.url.find("/namespaces/new/") == std::string::npos) return std::nullopt;
    return cluster::respond(403, R"({"kind":"Status","message":"quota","code":403})");
  });
  const auto moved = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: new}\ndata: {value: '1'}\n";
  ASSERT_TRUE(sync(commit({{"a.yaml", moved}, {"b.yaml", config_map("b")}})));
  EXPECT_TRUE(world.api->object(path_of("a")));
  EXPECT_THAT(world.log.text(), HasSubstr("moved-to=new:configmap/a"));
}

TEST_F(SyncPassTest, AJobThatRemovesItselfRunsOnceForAManifest) {
  world.api->serve({{"batch/v1", "Job"}, "jobs", true, true, true, true, true});
  const auto path = std::string("/apis/batch/v1/namespaces/shop/jobs/once");
  const auto job = [](const std::string& image) {
    return "apiVersion: batch/v1\nkind: Job\nmetadata: {name: once, namespace: shop}\n"
           "spec: {ttlSecondsAfterFinished: 0, image: " +
           image + "}\n";
  };
  const auto revision = commit({{"job.yaml", job("1")}});
  ASSERT_TRUE(sync(revision));
  world.api->remove(path);
  ASSERT_TRUE(sync(revision, /*everything=*/true));
  EXPECT_THAT(writes(), IsEmpty());
  begin();
  ASSERT_TRUE(sync(revision));
  EXPECT_THAT(writes(), IsEmpty()) << "nor after a restart";
  ASSERT_TRUE(sync(commit({{"job.yaml", job("2")}})));
  EXPECT_THAT(writes(), ElementsAre("PATCH " + path));
}

TEST_F(SyncPassTest, LooksAtTheBranchBeforeItDeletesWhatItNeverKnew) {
  ASSERT_TRUE(sync(commit({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}})));
  const auto second = commit({{"a.yaml", config_map("a")}});
  // Another daemon, which has not fetched since, and sees what a newer commit brought.
  const auto third = mirror.upstream().commit({.files = {{"a.yaml", config_map("a")}, {"new.yaml", config_map("b")}}});
  begin();
  ASSERT_TRUE(sync(second));
  EXPECT_TRUE(world.api->object(path_of("b")));
  EXPECT_THAT(world.log.text(), HasSubstr("there is a newer commit"));
  ASSERT_TRUE(sync(third));
  EXPECT_TRUE(world.api->object(path_of("b")));
  ASSERT_TRUE(sync(commit({{"a.yaml", config_map("a")}})));
  EXPECT_FALSE(world.api->object(path_of("b")));
}

TEST_F(SyncPassTest, ASecretsValueIsInNoError) {
  world.api->serve({{"v1", "Secret"}, "secrets", true, true, true, true, true});
  world.api->intercept([](const auto& request) -> std::optional<Result<http::ClientResponse>> {
    if (request.method != "PATCH") return std::nullopt;
    return cluster::respond(422, R"({"kind":"Status","message":"bad value \"aHVudGVyMg==\"","code":422})");
  });
  ASSERT_TRUE(sync(commit(
      {{"s.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\ndata: {p: aHVudGVyMg==}\n"}})));
  EXPECT_THAT(reports.latest()->errors, SizeIs(1));
  EXPECT_THAT(reports.latest()->errors.begin()->second.error.message, Not(HasSubstr("aHVudGVyMg==")));
  EXPECT_THAT(world.log.text(), Not(HasSubstr("aHVudGVyMg==")));
}

TEST_F(SyncPassTest, APodThatHasEndedIsNotMadeAgain) {
  world.api->serve({{"v1", "Pod"}, "pods", true, true, true, true, true});
  const auto pod = [](const std::string& name) {
    return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: " + name +
           ", namespace: shop}\nspec: {restartPolicy: Never}\n";
  };
  const std::string pods = "/api/v1/namespaces/shop/pods/";
  const auto revision = commit({{"a.yaml", pod("done") + pod("lost")}});
  ASSERT_TRUE(sync(revision));
  auto done = *world.api->object(pods + "done");
  done["status"]["phase"] = "Succeeded";
  world.api->put(pods + "done", done);
  ASSERT_TRUE(sync(revision, /*everything=*/true));
  const auto is_known = [&](const char* name) {
    return world.cache.snapshot().contains(ResourceId("shop", "pod", name));
  };
  for (const auto* name : {"done", "lost"}) world.api->remove(pods + name);
  while (is_known("done") || is_known("lost")) ASSERT_TRUE(world.changed.wait(bounded(), std::chrono::seconds(30)));
  ASSERT_TRUE(sync(revision, /*everything=*/true));
  EXPECT_THAT(writes(), ElementsAre("PATCH " + pods + "lost"));
}

}  // namespace sync_pass_test
}  // namespace flux::daemon
