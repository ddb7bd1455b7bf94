#include "daemon/diff/sync_diff.h"

#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "cluster/scripted_transport.h"
#include "manifests/parse_file.h"
#include "sync/identity.h"

namespace flux::daemon {
namespace sync_diff_test {

using cluster::ScriptedTransport;

const cluster::Resource kSecrets{{"v1", "Secret"}, "secrets", true, true, true, true, true};

std::string status(const std::string& message) { return R"({"kind":"Status","message":")" + message + "\"}"; }

std::string config_map(const std::string& name, const std::string& text, const std::string& metadata = "") {
  return R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":")" + name + R"(","namespace":"shop","uid":"u")" +
         metadata + R"(},"data":{"text":")" + text + "\"}}";
}

/// A repository of one file, a cluster that answers by method and end of the path, and a plan for both.
struct Fixture {
  using Table = std::vector<std::tuple<std::string, std::string, Result<http::ClientResponse>>>;

  Fixture(const std::string& yaml, Table table)
      : transport(std::make_shared<ScriptedTransport>(
            [table = std::move(table)](const http::ClientRequest& request) -> std::optional<ScriptedTransport::Answer> {
              const auto path = request.url.substr(0, request.url.find('?'));
              for (const auto& [method, end, answer] : table)
                if (request.method == method && path.ends_with(end)) return answer;
              return cluster::respond(404, status("not found"));
            })),
        client(cluster::scripted_client(transport)) {
    sync::DesiredSet set;
    for (const auto& manifest : manifests::parse_file("app.yaml", yaml).manifests)
      set.set(manifest->id_in("shop"), sync::Desired(manifest, "shop"));
    view.resources = std::make_shared<const sync::DesiredSet>(std::move(set));
    facts.set_name = "set";
    facts.desired = view.resources.get();
    facts.live = &live;
    facts.applied = &applied;
    facts.collect.max_share = 1;
  }

  api::SyncDiff describe() {
    auto known = facts;
    known.collect.enabled = true;
    const cluster::Catalog catalog({cluster::kConfigMaps, kSecrets, cluster::kDeployments}, {}, {});
    return describe_plan(bounded(), *client, catalog, view, facts, sync::make_plan(known)).value();
  }

  std::shared_ptr<ScriptedTransport> transport;
  std::unique_ptr<cluster::Client> client;
  DesiredView view;
  sync::LiveSet live;
  sync::AppliedSet applied;
  sync::PlanFacts facts;
};

const std::string kConfigMapFile = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {text: new}\n";

TEST(DescribePlan, shows_what_an_apply_would_change) {
  Fixture f(kConfigMapFile, {{"GET", "/configmaps/a", cluster::respond(200, config_map("a", "old"))},
                             {"PATCH", "/configmaps/a", cluster::respond(200, config_map("a", "new"))}});
  const auto diff = f.describe();
  ASSERT_EQ(diff.changes.size(), 1U);
  EXPECT_EQ(
      diff.changes[0],
      (api::DiffEntry{"shop:configmap/a", api::DiffAction::change, "not managed by fluxd yet",
                      "app.yaml (document 1, line 1)",
                      "--- cluster/shop:configmap/a\n+++ git/shop:configmap/a\n@@ -1,6 +1,6 @@\n apiVersion: v1\n "
                      "data:\n-  text: old\n+  text: new\n kind: ConfigMap\n metadata:\n   name: a\n"}));
  EXPECT_TRUE(diff.notes.empty());
  EXPECT_TRUE(diff.refusals.empty());
  for (const auto& request : f.transport->requests())
    EXPECT_TRUE(request.method == "GET" || request.url.find("dryRun=All") != std::string::npos) << request.url;
}

TEST(DescribePlan, leaves_out_what_comes_out_the_same) {
  Fixture f(kConfigMapFile,
            {{"GET", "/configmaps/a", cluster::respond(200, config_map("a", "new", R"(,"resourceVersion":"1")"))},
             {"PATCH", "/configmaps/a", cluster::respond(200, config_map("a", "new", R"(,"resourceVersion":"2")"))}});
  EXPECT_TRUE(f.describe().changes.empty());
}

TEST(DescribePlan, shows_what_would_be_created) {
  Fixture f(kConfigMapFile, {{"PATCH", "/configmaps/a", cluster::respond(201, config_map("a", "new"))}});
  const auto diff = f.describe();
  ASSERT_EQ(diff.changes.size(), 1U);
  EXPECT_EQ(diff.changes[0].action, api::DiffAction::create);
  EXPECT_TRUE(diff.changes[0].diff.starts_with("--- /dev/null\n+++ git/shop:configmap/a\n@@ -0,0 +1,7 @@\n+apiVersion"))
      << diff.changes[0].diff;
}

TEST(DescribePlan, shows_what_needs_a_namespace_that_is_not_there_yet_as_git_has_it) {
  Fixture f(kConfigMapFile, {});
  const auto diff = f.describe();
  ASSERT_EQ(diff.changes.size(), 1U);
  EXPECT_NE(diff.changes[0].diff.find("+  text: new\n"), std::string::npos) << diff.changes[0].diff;
  EXPECT_TRUE(diff.refusals.empty());
}

TEST(DescribePlan, tells_what_the_api_server_refuses) {
  Fixture f(kConfigMapFile, {{"GET", "/configmaps/a", cluster::respond(200, config_map("a", "old"))},
                             {"PATCH", "/configmaps/a", cluster::respond(422, status("no such luck"))}});
  const auto diff = f.describe();
  EXPECT_TRUE(diff.changes.empty());
  ASSERT_EQ(diff.refusals.size(), 1U);
  EXPECT_EQ(diff.refusals[0], "shop:configmap/a (app.yaml (document 1, line 1)): shop:configmap/a: no such luck");
}

TEST(DescribePlan, tells_what_would_be_deleted_and_created_again) {
  const auto refusal =
      cluster::respond(422, R"({"kind":"Status","message":"no","details":{"causes":[{"reason":"FieldValueForbidden",)"
                            R"("message":"Forbidden: field is immutable when `immutable` is set","field":"data"}]}})");
  const std::string forced =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {fluxcd.io/force: 'true'}}\ndata: {text: "
      "new}\n";
  {
    Fixture f(forced, {{"GET", "/configmaps/a", cluster::respond(200, config_map("a", "old"))},
                       {"PATCH", "/configmaps/a", refusal}});
    const auto diff = f.describe();
    ASSERT_EQ(diff.changes.size(), 1U);
    EXPECT_EQ(diff.changes[0].reason, "would be deleted and created again, because a field cannot be changed");
    EXPECT_NE(diff.changes[0].diff.find("-  text: old\n+  text: new\n"), std::string::npos) << diff.changes[0].diff;
    EXPECT_TRUE(diff.refusals.empty());
  }
  {
    Fixture f(kConfigMapFile, {{"GET", "/configmaps/a", cluster::respond(200, config_map("a", "old"))},
                               {"PATCH", "/configmaps/a", refusal}});
    const auto diff = f.describe();
    EXPECT_TRUE(diff.changes.empty());
    ASSERT_EQ(diff.refusals.size(), 1U);
    EXPECT_NE(diff.refusals[0].find("field is immutable"), std::string::npos) << diff.refusals[0];
  }
}

TEST(DescribePlan, shows_a_default_that_a_sync_would_take_away_first) {
  Fixture f(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {strategy: {type: Recreate}, replicas: 2}\n",
      {});
  const auto deployment = [](const std::string& spec) {
    return R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d","namespace":"shop"},"spec":{)" + spec +
           R"("strategy":{"rollingUpdate":{"maxSurge":1},"type":"RollingUpdate"}}})";
  };
  f.transport->set_script([&](const http::ClientRequest& request) -> std::optional<ScriptedTransport::Answer> {
    if (request.method == "GET") return cluster::respond(200, deployment(""));
    if (request.body.find("Recreate") != std::string::npos)
      return cluster::respond(422, status("may not be specified"));
    return cluster::respond(200, deployment(R"("replicas":2,)"));
  });
  const auto diff = f.describe();
  EXPECT_TRUE(diff.refusals.empty());
  ASSERT_EQ(diff.changes.size(), 1U);
  EXPECT_NE(diff.changes[0].diff.find("+  replicas: 2\n"), std::string::npos) << diff.changes[0].diff;
  EXPECT_NE(diff.changes[0].diff.find(
                "-    rollingUpdate:\n-      maxSurge: 1\n-    type: RollingUpdate\n+    type: Recreate\n"),
            std::string::npos)
      << diff.changes[0].diff;
}

TEST(DescribePlan, never_shows_the_values_of_a_secret) {
  const std::string yaml =
      "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2}\n"
      "---\napiVersion: v1\nkind: Secret\nmetadata: {name: t}\ndata: {password: aHVudGVyMw==}\n";
  const auto secret = [](const std::string& value) {
    return R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"shop"},"data":{"password":")" +
           value + "\"}}";
  };
  Fixture f(yaml, {{"GET", "/secrets/s", cluster::respond(200, secret("aHVudGVyMQ=="))},
                   {"PATCH", "/secrets/s", cluster::respond(200, secret("aHVudGVyMg=="))},
                   {"PATCH", "/secrets/t", cluster::respond(422, status("bad value hunter3 or aHVudGVyMw=="))}});
  const auto diff = f.describe();
  ASSERT_EQ(diff.changes.size(), 1U);
  EXPECT_NE(diff.changes[0].diff.find("-  password: <hidden, before>\n+  password: <hidden, after>\n"),
            std::string::npos)
      << diff.changes[0].diff;
  ASSERT_EQ(diff.refusals.size(), 1U);
  EXPECT_EQ(diff.refusals[0],
            "shop:secret/t (app.yaml (document 2, line 6)): shop:secret/t: bad value <redacted> or <redacted>");
}

TEST(DescribePlan, leaves_alone_what_somebody_marked_in_the_cluster) {
  Fixture f(kConfigMapFile,
            {{"GET", "/configmaps/a",
              cluster::respond(200, config_map("a", "old", R"(,"annotations":{"fluxcd.io/ignore":"true"})"))}});
  const auto diff = f.describe();
  EXPECT_TRUE(diff.changes.empty());
  EXPECT_EQ(diff.notes,
            std::vector<std::string>{"shop:configmap/a is left alone: ignore annotation in cluster resource"});
}

TEST(DescribePlan, tells_of_what_git_no_longer_has) {
  const auto gone = std::make_shared<cluster::Object>();
  gone->type = {"v1", "ConfigMap"};
  gone->id = ResourceId("shop", "configmap", "gone");
  gone->gc_mark = sync::gc_mark("set", gone->id);
  const struct {
    const char* name;
    sync::CollectOptions collect;
    bool incomplete;
    std::string told;
  } rows[] = {
      {"on", {true, false, 1}, false, "delete shop:configmap/gone"},
      {"off",
       {false, false, 1},
       false,
       "shop:configmap/gone is no longer in git; it stays, because garbage collection is off"},
      {"dry run",
       {true, true, 1},
       false,
       "shop:configmap/gone is no longer in git; it stays, because garbage collection is only a dry run"},
      {"refused", {true, false, 1}, true, "garbage collection: could not read all of: pods"},
      {"off, and it would be refused", {false, false, 1}, true, ""},
  };
  for (const auto& row : rows) {
    Fixture f(kConfigMapFile, {{"GET", "/configmaps/a", cluster::respond(200, config_map("a", "new"))},
                               {"PATCH", "/configmaps/a", cluster::respond(200, config_map("a", "new"))}});
    f.live.set(gone->id, {gone});
    f.facts.collect = row.collect;
    if (row.incomplete) f.facts.incomplete = {"pods"};
    const auto diff = f.describe();
    std::string told;
    for (const auto& change : diff.changes) told += std::string(to_string(change.action)) + " " + change.id;
    for (const auto& note : diff.notes) told += note;
    for (const auto& refusal : diff.refusals) told += refusal;
    EXPECT_EQ(told, row.told) << row.name;
  }
}

TEST(DescribePlan, stops_showing_text_when_there_is_too_much_of_it) {
  std::string yaml;
  for (int i = 0; i < 3; ++i)
    yaml += "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: m" + std::to_string(i) + "}\ndata: {text: '" +
            std::string(1 << 20, 'x') + "'}\n";
  Fixture f(yaml, {});
  const auto diff = f.describe();
  ASSERT_EQ(diff.changes.size(), 3U);
  EXPECT_FALSE(diff.changes.front().diff.empty());
  EXPECT_TRUE(diff.changes.back().diff.empty());
  EXPECT_EQ(diff.notes.size(), 1U);
}

}  // namespace sync_diff_test
}  // namespace flux::daemon
