#include "sync/plan.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>

#include "sync/identity.h"

namespace flux::sync {
namespace plan_test {

constexpr const char* kSet = "set";
const ResourceId kA("shop", "configmap", "a");

/// A cluster and a repository that agree; each row changes one thing.
struct World {
  DesiredSet desired;
  LiveSet live;
  AppliedSet applied;
  std::set<ResourceId> newcomers;
  PlanFacts facts;

  void in_git(const std::string& id_text, Policies policies = {}) {
    in_git(ResourceId::parse(id_text).value(), std::move(policies));
  }
  void in_git(const ResourceId& id, Policies policies = {}) {
    auto manifest = std::make_shared<Manifest>();
    manifest->type = {"v1", id.kind()};
    manifest->name = id.name();
    manifest->checksum = "sum";
    manifest->policies = std::move(policies);
    const Desired wanted(manifest, id.cluster_scoped() ? "" : id.ns());
    desired.set(id, wanted);
    applied.set(id, {manifest, "uid-" + id.to_string(), as_we_left_it(id).content()});
  }
  void in_git_as(const ApiType& type, const std::string& id_text, const std::string& rest) {
    in_git(id_text);
    const auto id = ResourceId::parse(id_text).value();
    auto manifest = std::make_shared<Manifest>(*desired.at(id).manifest);
    manifest->type = type;
    manifest->rest = rest;
    desired.set(id, Desired(manifest, id.ns()));
  }
  static cluster::Object as_we_left_it(const ResourceId& id) {
    cluster::Object object;
    object.type = {"v1", id.kind()};
    object.id = id;
    object.uid = "uid-" + id.to_string();
    object.gc_mark = gc_mark(kSet, id);
    object.owned_fields = 7;
    object.generation = 3;
    return object;
  }
  static void changed_in_git(Applied& last) {
    auto before = std::make_shared<Manifest>(*last.manifest);
    before->checksum = "old";
    last.manifest = before;
  }
  /// The last apply of configmap a was another one than it seems.
  void applied_otherwise(const std::function<void(Applied&)>& change) {
    auto one = applied.at(kA);
    change(one);
    applied.set(kA, one);
  }
  cluster::Object& in_cluster(const std::string& id_text) {
    const auto id = ResourceId::parse(id_text).value();
    auto object = std::make_shared<cluster::Object>(as_we_left_it(id));
    auto objects = live.contains(id) ? live.at(id) : std::vector<cluster::ObjectPtr>();
    objects.push_back(object);
    live.set(id, std::move(objects));
    return *object;
  }
  cluster::Object& in_both(const std::string& id_text) {
    in_git(id_text);
    return in_cluster(id_text);
  }
  /// The object is not as we left it: a client-side apply of a manifest with this checksum holds something of it.
  void held_by_client(const std::string& id_text, cluster::ClientSide what, const std::string& checksum) {
    const auto id = ResourceId::parse(id_text).value();
    live.erase(id);
    auto& object = in_cluster(id_text);
    object.client_side = what;
    object.checksum = checksum;
  }
  Plan plan() {
    facts.set_name = kSet;
    facts.desired = &desired;
    facts.live = &live;
    facts.applied = &applied;
    facts.newcomers = &newcomers;
    return make_plan(facts);
  }
};

constexpr std::array kTakeOver{"", " taking over fields", " taking over everything"};

std::string text(const Plan& plan) {
  std::string out;
  for (const auto& a : plan.applies)
    out += "apply " + a.id.to_string() + kTakeOver.at(static_cast<std::size_t>(a.take_over)) +
           (a.additions ? " with additions" : "") + ": " + a.reason + "\n";
  for (const auto& s : plan.skips)
    out += "skip " + s.id.to_string() + " " + std::to_string(static_cast<int>(s.reason)) + "\n";
  for (const auto& i : plan.invalid)
    out += "invalid " + i.id.to_string() + ": " + i.error.message + (i.again ? ", for now" : "") + "\n";
  for (const auto& k : plan.kept) out += "keep " + k.id.to_string() + ": " + k.reason + "\n";
  for (const auto& d : plan.deletions)
    out += "delete " + d.id.to_string() + ": " + d.reason +
           (d.moved_to ? ", moved to " + d.moved_to->to_string() : "") + "\n";
  if (!plan.refused.empty()) out += "refused: " + plan.refused + "\n";
  return out;
}

struct Row {
  const char* rule;
  std::function<void(World&)> change;
  std::string plan;
};

class MakePlan : public testing::TestWithParam<Row> {};

TEST_P(MakePlan, FollowsTheRule) {
  World world;
  for (const auto* id : {"shop:configmap/a", "shop:configmap/b", "<cluster>:namespace/shop"}) world.in_both(id);
  world.facts.collect.enabled = true;
  GetParam().change(world);
  EXPECT_EQ(text(world.plan()), GetParam().plan);
}

INSTANTIATE_TEST_SUITE_P(
    Apply, MakePlan,
    testing::Values(
        Row{"NothingWhenAllIsAsItWas", [](World&) {}, ""},
        Row{"WhatIsMissing", [](World& w) { w.live.erase(kA); }, "apply shop:configmap/a: not in the cluster\n"},
        Row{"EverythingOnceAfterAStart", [](World& w) { w.applied = {}; },
            "apply <cluster>:namespace/shop: not applied since the start\n"
            "apply shop:configmap/a: not applied since the start\n"
            "apply shop:configmap/b: not applied since the start\n"},
        Row{"WhatGitChanged", [](World& w) { w.applied_otherwise(&World::changed_in_git); },
            "apply shop:configmap/a: changed in git\n"},
        Row{"WhatOthersChanged", [](World& w) { w.applied_otherwise([](Applied& a) { a.content = 8; }); },
            "apply shop:configmap/a: changed in the cluster\n"},
        Row{"WhatOthersCreatedAgain", [](World& w) { w.applied_otherwise([](Applied& a) { a.uid = "other"; }); },
            "apply shop:configmap/a: created again by somebody else\n"},
        Row{"NotWhatIsBeingDeleted",
            [](World& w) {
              w.live.erase(kA);
              w.in_cluster("shop:configmap/a").deleting = true;
              w.applied = {};
              w.applied.set(ResourceId("shop", "configmap", "b"), {});
              w.desired.erase(ResourceId("shop", "configmap", "b"));
            },
            "apply <cluster>:namespace/shop: not applied since the start\n"
            "delete shop:configmap/b: no longer in git\n"},
        Row{"WhatFailed", [](World& w) { w.facts.failed = {kA}; }, "apply shop:configmap/a: the last apply failed\n"},
        Row{"NotWhatRests", [](World& w) { w.facts.failed = w.facts.resting = {kA}; }, ""},
        Row{"TakingOverFromKubectl",
            [](World& w) {
              w.held_by_client("shop:configmap/a", cluster::ClientSide::fields, "");
              w.applied.erase(kA);
            },
            "apply shop:configmap/a taking over everything: not applied since the start\n"},
        Row{"TakingOverTheSameFromFluxV1",
            [](World& w) {
              w.held_by_client("shop:configmap/a", cluster::ClientSide::fields, "sum");
              w.applied.erase(kA);
            },
            "apply shop:configmap/a taking over fields: not applied since the start\n"},
        Row{"NotTakingOverAgainForTheAnnotationAlone",
            [](World& w) {
              w.held_by_client("shop:configmap/a", cluster::ClientSide::annotation, "sum");
              w.applied.erase(kA);
            },
            "apply shop:configmap/a: not applied since the start\n"},
        Row{"TakingOverTheAnnotationOfWhatGitChanged",
            [](World& w) {
              w.held_by_client("shop:configmap/a", cluster::ClientSide::annotation, "old");
              w.applied_otherwise(&World::changed_in_git);
            },
            "apply shop:configmap/a taking over everything: changed in git\n"},
        Row{"TakingWhatPeopleAddedWithKubectl",
            [](World& w) {
              w.live.erase(kA);
              auto& object = w.in_cluster("shop:configmap/a");
              object.has_additions = true;
              object.generation = 4;
            },
            "apply shop:configmap/a with additions: changed in the cluster\n"},
        Row{"NotTakingWhatWasAddedBeforeItWasOurs",
            [](World& w) {
              w.live.erase(kA);
              auto& object = w.in_cluster("shop:configmap/a");
              object.has_additions = true;
              object.owned_fields = 0;
            },
            "apply shop:configmap/a: changed in the cluster\n"},
        Row{"KeepingWhatPeopleAddedWhereTheManifestSaysSo",
            [](World& w) {
              w.in_git("shop:configmap/a", {{"keep-additions", "true"}});
              w.live.erase(kA);
              auto& object = w.in_cluster("shop:configmap/a");
              object.has_additions = true;
              object.generation = 4;
            },
            "apply shop:configmap/a: changed in the cluster\n"},
        Row{"NotAgainAJobThatRemovedItself",
            [](World& w) {
              w.in_git_as({"batch/v1", "Job"}, "shop:job/once", R"({"spec":{"ttlSecondsAfterFinished":0}})");
              w.in_git_as({"batch/v1", "Job"}, "shop:job/kept", R"({"spec":{}})");
            },
            "apply shop:job/kept: not in the cluster\n"},
        Row{"NotAgainAPodThatHasEnded",
            [](World& w) {
              for (const auto* id : {"shop:pod/ended", "shop:pod/changed", "shop:pod/lost"}) {
                w.in_git_as({"v1", "Pod"}, id, R"({"spec":{"restartPolicy":"Never"}})");
                auto one = w.applied.at(ResourceId::parse(id).value());
                one.ended = std::string_view(id) != "shop:pod/lost";
                if (std::string_view(id) == "shop:pod/changed") World::changed_in_git(one);
                w.applied.set(ResourceId::parse(id).value(), one);
              }
            },
            "apply shop:pod/changed: not in the cluster\napply shop:pod/lost: not in the cluster\n"},
        Row{"NotWhatAControllerKeeps",
            [](World& w) {
              const ApiType service{"v1", "Service"};
              const ApiType endpoints{"v1", "Endpoints"};
              w.in_git_as(service, "shop:service/web", R"({"spec":{"selector":{"app":"web"}}})");
              w.in_git_as(service, "shop:service/outside", R"({"spec":{"selector":{}}})");
              for (const auto* name : {"web", "outside", "alone"})
                w.in_git_as(endpoints, std::string("shop:endpoints/") + name, "{}");
              for (const auto* name : {"web", "outside"}) w.in_cluster(std::string("shop:service/") + name);
            },
            "apply shop:endpoints/alone: not in the cluster\napply shop:endpoints/outside: not in the cluster\n"
            "skip shop:endpoints/web 3\n"},
        Row{"WhatAControllerNoLongerKeeps",
            [](World& w) {
              static const std::set<ResourceId> kOnly{ResourceId("shop", "service", "web")};
              w.in_git_as({"v1", "Service"}, "shop:service/web", R"({"spec":{}})");
              w.in_git_as({"v1", "Endpoints"}, "shop:endpoints/web", "{}");
              w.in_cluster("shop:service/web");
              w.facts.only = &kOnly;
            },
            "apply shop:endpoints/web: not in the cluster\n"},
        Row{"ByRank",
            [](World& w) {
              w.in_git("shop:zebra/z");
              w.in_git("shop:deployment/d");
              w.in_git("<cluster>:namespace/new");
            },
            "apply <cluster>:namespace/new: not in the cluster\n"
            "apply shop:deployment/d: not in the cluster\n"
            "apply shop:zebra/z: not in the cluster\n"},
        Row{"NotWhatHasNoName", [](World& w) { w.in_git(ResourceId("shop", "configmap", "x%y")); },
            "invalid shop:configmap/x%y: metadata.name 'x%y' must not contain '%'\n"},
        Row{"NotWhatCouldNotBeLookedAt",
            [](World& w) { w.facts.unseen[kA] = Error{ErrorKind::server, "conversion webhook failed", ""}; },
            "invalid shop:configmap/a: conversion webhook failed, for now\n"},
        Row{"NotWhatTheFileIgnores", [](World& w) { w.in_git("shop:configmap/new", {{"ignore", "true"}}); },
            "skip shop:configmap/new 0\n"},
        Row{"WhatTheFileOnlyKeeps", [](World& w) { w.in_git("shop:configmap/new", {{"ignore", "sync_only"}}); },
            "apply shop:configmap/new: not in the cluster\n"},
        Row{"NotWhatTheClusterIgnores",
            [](World& w) {
              w.live.erase(kA);
              w.in_cluster("shop:configmap/a").ignore = Ignore::yes;
              w.applied = {};
              w.live.erase(ResourceId("shop", "configmap", "b"));
              w.desired.erase(ResourceId("shop", "configmap", "b"));
            },
            "apply <cluster>:namespace/shop: not applied since the start\nskip shop:configmap/a 1\n"},
        Row{"NotOutsideTheAllowedNamespaces", [](World& w) { w.facts.allowed_namespaces = {"other"}; },
            "skip <cluster>:namespace/shop 2\nskip shop:configmap/a 2\nskip shop:configmap/b 2\n"},
        Row{"AnObjectOfTheSameNameInAnotherGroupIsAnotherObject",
            [](World& w) {
              w.live.erase(kA);
              w.in_cluster("shop:configmap/a").type.api_version = "example.org/v1";
            },
            "apply shop:configmap/a: not in the cluster\ndelete shop:configmap/a: in another API group now\n"},
        Row{"NotWhereGitHasBoth",
            [](World& w) {
              w.in_cluster("shop:configmap/a").type.api_version = "example.org/v1";
              w.in_git(ResourceId("shop", "configmap.example.org", "a"));
              auto manifest = std::make_shared<Manifest>(*w.desired.at(kA).manifest);
              manifest->type = {"example.org/v1", "ConfigMap"};
              w.desired.set(ResourceId("shop", "configmap.example.org", "a"), Desired(manifest, "shop"));
              w.applied = {};
              w.facts.resting = {kA, ResourceId("shop", "configmap", "b"), ResourceId("", "namespace", "shop")};
            },
            "apply shop:configmap.example.org/a: not applied since the start\n"}),
    [](const auto& row) { return row.param.rule; });

INSTANTIATE_TEST_SUITE_P(
    Collect, MakePlan,
    testing::Values(
        Row{"WhatGitDropped", [](World& w) { w.in_cluster("shop:configmap/old"); },
            "delete shop:configmap/old: no longer in git\n"},
        Row{"NothingUnlessAsked",
            [](World& w) {
              w.in_cluster("shop:configmap/old");
              w.facts.collect.enabled = false;
            },
            ""},
        Row{"NotWithoutOurMark", [](World& w) { w.in_cluster("shop:configmap/old").gc_mark.clear(); }, ""},
        Row{"NotWithAMarkCopiedFromAnotherObject",
            [](World& w) { w.in_cluster("shop:configmap/copy").gc_mark = gc_mark(kSet, kA); }, ""},
        Row{"NotWhatAnotherObjectOwns", [](World& w) { w.in_cluster("shop:configmap/child").owned = true; }, ""},
        Row{"NotWhatIsGoingAlready", [](World& w) { w.in_cluster("shop:configmap/old").deleting = true; }, ""},
        Row{"NotWhatTheClusterIgnores", [](World& w) { w.in_cluster("shop:configmap/old").ignore = Ignore::yes; },
            "keep shop:configmap/old: resource has ignore policy true\n"},
        Row{"NotWhatTheClusterKeeps", [](World& w) { w.in_cluster("shop:configmap/old").ignore = Ignore::sync_only; },
            "keep shop:configmap/old: resource has ignore policy sync_only\n"},
        Row{"NotWhatGitNamesInAnUnknownKind",
            [](World& w) {
              w.in_cluster("shop:widget/w");
              w.facts.unscoped = {ResourceId("shop", "widget", "w")};
            },
            "keep shop:widget/w: git has a resource of that name whose kind the cluster does not know\n"},
        Row{"NotOutsideTheAllowedNamespaces",
            [](World& w) {
              w.in_cluster("<cluster>:namespace/other");
              w.facts.allowed_namespaces = {"shop"};
            },
            "keep <cluster>:namespace/other: outside the allowed namespaces\n"},
        Row{"NotOnPartialKnowledge",
            [](World& w) {
              w.in_cluster("shop:configmap/old");
              w.facts.incomplete = {"cannot list secrets"};
            },
            "refused: could not read all of: cannot list secrets\n"},
        Row{"NotALargeShare",
            [](World& w) {
              for (const auto* id : {"shop:job/a", "shop:job/b", "shop:job/c", "shop:job/d"}) w.in_cluster(id);
            },
            "refused: would delete 4 of 7 managed objects, more than the share of 0.5 that one sync may delete\n"},
        Row{"ALargeShareWhenTheUserSaysSo",
            [](World& w) {
              for (const auto* id : {"shop:job/a", "<cluster>:namespace/n", "shop:secret/c", "shop:job/d"})
                w.in_cluster(id);
              w.facts.collect.max_share = 1;
            },
            "delete shop:job/d: no longer in git\ndelete shop:job/a: no longer in git\n"
            "delete shop:secret/c: no longer in git\ndelete <cluster>:namespace/n: no longer in git\n"},
        Row{"MovesAreNoLoss",
            [](World& w) {
              for (const auto* name : {"a", "b", "c", "d"}) {
                w.in_cluster(std::string("old:configmap/") + name);
                w.in_git(std::string("new:configmap/") + name);
              }
              w.desired.erase(kA);
              w.live.erase(kA);
            },
            "apply new:configmap/a: not in the cluster\napply new:configmap/b: not in the cluster\n"
            "apply new:configmap/c: not in the cluster\napply new:configmap/d: not in the cluster\n"
            "delete old:configmap/d: no longer in git, moved to new:configmap/d\n"
            "delete old:configmap/c: no longer in git, moved to new:configmap/c\n"
            "delete old:configmap/b: no longer in git, moved to new:configmap/b\n"
            "delete old:configmap/a: no longer in git, moved to new:configmap/a\n"},
        Row{"TheDecisionAboutALossHoldsWhenWhatIsNewHasCome",
            [](World& w) {
              for (const auto* id : {"shop:job/a", "shop:job/b", "shop:job/c", "shop:job/d"}) w.in_cluster(id);
              for (const auto* id : {"shop:secret/a", "shop:secret/b", "shop:secret/c", "shop:secret/d"}) {
                w.in_both(id);
                w.newcomers.insert(ResourceId::parse(id).value());
              }
            },
            "refused: would delete 4 of 7 managed objects, more than the share of 0.5 that one sync may delete\n"},
        Row{"NeverEverything",
            [](World& w) {
              w.desired = {};
              w.facts.collect.max_share = 1;
            },
            "refused: git names no resource at all\n"}),
    [](const auto& row) { return row.param.rule; });

}  // namespace plan_test
}  // namespace flux::sync
