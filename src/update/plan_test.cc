#include "update/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "update/automation.h"

namespace flux::update {
namespace plan_test {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

ResourceId id(const std::string& text) { return ResourceId::parse("p:deployment/" + text).value(); }
ImageRef image(const std::string& text) { return ImageRef::parse(text).value(); }
manifests::Container container(const std::string& name, const std::string& text) { return {name, text, image(text)}; }

/// A small world: the workloads a, b and so on, one container each, and what the registry has.
struct World {
  std::map<std::string, images::Repository> registry;
  Facts facts;

  World() {
    facts.images = [this](const ImageRef& ref) {
      const auto found = registry.find(ref.canonical().name());
      return found == registry.end() ? nullptr : &found->second;
    };
    images::Repository app;
    int day = 0;
    for (const auto* tag : {"1.0", "1.1", "2.0"}) {
      app.tags.emplace_back(tag);
      app.images[tag].id = image("team/app:" + std::string(tag));
      app.images[tag].created_at = Timestamp(std::chrono::hours(24 * ++day));
    }
    app.last_update = Timestamp(std::chrono::hours(24 * 9));
    registry["index.docker.io/team/app"] = std::move(app);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void add(const std::string& name, const std::string& in_git, const std::string& running, Policies policies = {}) {
    facts.git[id(name)] = {std::move(policies), {container("main", in_git)}};
    if (!running.empty()) facts.cluster[id(name)] = {false, {container("main", running)}, {}};
  }

  [[nodiscard]] Result<UpdateResult> release(const std::string& what, std::vector<std::string> workloads = {"<all>"},
                                             bool force = false) const {
    ReleaseImageSpec spec;
    spec.image = what;
    spec.workloads = std::move(workloads);
    spec.force = force;
    return plan_release(spec, facts);
  }
};

/// `success main -> team/app:2.0`, `skipped locked`.
std::string told(const UpdateResult& plan, const std::string& name) {
  const auto found = plan.find(id(name));
  if (found == plan.end()) return "nothing";
  auto text = std::string(to_string(found->second.status));
  if (!found->second.error.empty()) text += " " + found->second.error;
  for (const auto& update : found->second.containers)
    text += " " + update.container + " -> " + update.target.to_string();
  return text;
}

constexpr auto kLatest = "<all latest>";

TEST(PlanRelease, SaysOfEachWorkloadWhatBecomesOfIt) {
  struct Case {
    const char* why;
    std::string in_git;
    std::string running;
    Policies policies;
    std::string latest;   // of all the latest
    std::string one_one;  // of team/app:1.1
    std::string forced;   // of that, by force and by name
  };
  const std::string up_to_date = "skipped image(s) up to date";
  const std::vector<Case> cases{
      {"plain",
       "team/app:1.0",
       "team/app:1.0",
       {},
       "success main -> team/app:2.0",
       "success main -> team/app:1.1",
       "success main -> team/app:1.1"},
      {"up to date",
       "team/app:2.0",
       "team/app:2.0",
       {},
       up_to_date,
       "success main -> team/app:1.1",
       "success main -> team/app:1.1"},
      {"filter",
       "team/app:1.0",
       "team/app:1.0",
       {{"tag.main", "semver:~2"}},
       "success main -> team/app:2.0",
       "skipped cannot find one or more images",
       "success main -> team/app:1.1"},
      {"another image",
       "other:1",
       "other:1",
       {},
       "ignored does not use image(s)",
       "ignored a different image",
       "ignored a different image"},
      {"locked",
       "team/app:1.0",
       "team/app:1.0",
       {{"locked", "true"}},
       "skipped locked",
       "skipped locked",
       "success main -> team/app:1.1"},
      {"not really locked",
       "team/app:1.0",
       "team/app:1.0",
       {{"locked", "yes"}},
       "success main -> team/app:2.0",
       "success main -> team/app:1.1",
       "success main -> team/app:1.1"},
      {"ignored in git",
       "team/app:1.0",
       "team/app:1.0",
       {{"ignore", "true"}},
       "skipped ignore",
       "skipped ignore",
       "success main -> team/app:1.1"},
      {"not running",
       "team/app:1.0",
       "",
       {},
       "skipped not accessible in cluster",
       "skipped not accessible in cluster",
       "skipped not accessible in cluster"},
      {"renamed on its way in",
       "team/app:1.0",
       "index.docker.io/team/app:1.0",
       {},
       "success main -> team/app:2.0",
       "success main -> team/app:1.1",
       "success main -> team/app:1.1"},
      {"in git already",
       "team/app:2.0",
       "team/app:1.0",
       {},
       up_to_date,
       "success main -> team/app:1.1",
       "success main -> team/app:1.1"},
      {"pinned", "team/app@sha256:aa", "team/app@sha256:aa", {}, up_to_date, up_to_date, up_to_date},
  };
  for (const auto& one : cases) {
    World world;
    world.add("a", one.in_git, one.running, one.policies);
    EXPECT_EQ(told(world.release(kLatest).value(), "a"), one.latest) << one.why;
    EXPECT_EQ(told(world.release("team/app:1.1").value(), "a"), one.one_one) << one.why;
    EXPECT_EQ(told(world.release("team/app:1.1", {"p:deployment/a"}, true).value(), "a"), one.forced) << one.why;
  }
}

TEST(PlanRelease, TellsOfWorkloadsThatWereNotMeant) {
  World world;
  world.add("a", "team/app:1.0", "team/app:1.0");
  world.add("b", "team/app:1.0", "team/app:1.0");
  const auto one = world.release(kLatest, {"p:deployment/a", "p:deployment/none"}).value();
  EXPECT_EQ(told(one, "a"), "success main -> team/app:2.0");
  EXPECT_EQ(told(one, "b"), "ignored not included");
  EXPECT_EQ(told(one, "none"), "skipped not found in repository");
  ReleaseImageSpec spec = {.workloads = {"<all>"}, .image = kLatest, .kind = {}, .excludes = {id("a")}};
  EXPECT_EQ(told(plan_release(spec, world.facts).value(), "a"), "ignored excluded");
}

TEST(PlanRelease, ForceOfAllLeavesLocksAlone) {
  World world;
  world.add("a", "team/app:1.0", "team/app:1.0", {{"locked", "true"}});
  EXPECT_EQ(told(world.release(kLatest, {"<all>"}, true).value(), "a"), "skipped locked");
  EXPECT_EQ(told(world.release(kLatest, {"p:deployment/a"}, true).value(), "a"), "success main -> team/app:2.0");
}

TEST(PlanRelease, RefusesAnImageThatNobodyKnows) {
  World world;
  world.add("a", "team/app:1.0", "team/app:1.0");
  EXPECT_EQ(world.release("team/app:9").error().message, "image \"team/app:9\" does not exist: invalid image ID");
  EXPECT_EQ(world.release("new/app:9").error().kind, ErrorKind::user);
  EXPECT_EQ(world.release("team/app:").has_value(), false);
  world.facts.scanning = false;
  EXPECT_THAT(world.release("team/app:9").error().message, HasSubstr("does not scan registries"));
  EXPECT_EQ(told(world.release("team/app:9", {"p:deployment/a"}, true).value(), "a"), "success main -> team/app:9");
}

TEST(PlanRelease, OfChosenContainersHoldsToWhatRuns) {
  World world;
  world.add("a", "team/app:1.0", "team/app:1.0");
  world.add("b", "team/app:1.0", "team/app:1.1");
  const auto wanted = [](const std::string& container, const std::string& current, const std::string& target) {
    return ContainerUpdate{container, current.empty() ? ImageRef() : image(current), image(target)};
  };
  ReleaseContainersSpec spec;
  spec.containers[id("a")] = {wanted("main", "team/app:1.0", "x/y:3")};
  UpdateResult plan;
  EXPECT_TRUE(plan_release(spec, world.facts, plan));
  EXPECT_EQ(told(plan, "a"), "success main -> x/y:3");
  EXPECT_EQ(told(plan, "b"), "ignored not included");

  spec.containers[id("b")] = {wanted("main", "team/app:1.0", "x/y:3")};
  plan = {};
  EXPECT_EQ(plan_release(spec, world.facts, plan).error().message, "cannot satisfy specs");
  EXPECT_EQ(told(plan, "b"), "failed container(s) tag mismatch: main") << "what failed is told all the same";
  spec.skip_mismatches = true;
  plan = {};
  EXPECT_TRUE(plan_release(spec, world.facts, plan));
  EXPECT_EQ(told(plan, "b"), "skipped container(s) tag mismatch: main");

  spec.containers = {{id("a"), {wanted("none", "", "x/y:3")}}};
  plan = {};
  EXPECT_EQ(plan_release(spec, world.facts, plan).error().message, "cannot satisfy specs");
  EXPECT_EQ(told(plan, "a"), "failed container(s) not found: none");
  spec.containers = {{id("a"), {wanted("main", "", "team/app:1.0")}}, {id("none"), {}}};
  plan = {};
  EXPECT_EQ(plan_release(spec, world.facts, plan).error().message, "no changes found");
  EXPECT_EQ(told(plan, "none"), "skipped not found in repository");
}

TEST(Automation, FindsWhatAutomatedWorkloadsShouldRun) {
  World world;
  const Policies automated{{"automated", "true"}};
  const auto with = [&](const std::string& policy, const std::string& value) {
    auto policies = automated;
    policies[policy] = value;
    return policies;
  };
  world.add("a", "team/app:1.0", "team/app:1.0", automated);
  world.add("filtered", "team/app:1.0", "team/app:1.0", with("tag.main", "semver:~1"));
  world.add("locked", "team/app:1.0", "team/app:1.0", with("locked", "true"));
  world.add("ignored", "team/app:1.0", "team/app:1.0", with("ignore", "true"));
  world.add("manual", "team/app:1.0", "team/app:1.0");
  world.add("current", "team/app:2.0", "team/app:2.0", automated);
  world.add("pinned", "team/app@sha256:aa", "team/app@sha256:aa", automated);
  const auto found = find_updates(world.facts);
  EXPECT_EQ(found.workloads, 4U);
  std::vector<std::string> changes;
  for (const auto& change : found.spec.changes)
    changes.push_back(change.workload.to_string() + " " + change.target.to_string());
  EXPECT_THAT(changes, ::testing::ElementsAre("p:deployment/a team/app:2.0", "p:deployment/filtered team/app:1.1"));
  ASSERT_EQ(found.held_back.size(), 1U);
  EXPECT_EQ(found.held_back.front().choice.outcome, images::Outcome::pinned);
}

TEST(Automation, WhatIsDoneMeanwhileIsLeftOut) {
  World world;
  world.add("a", "team/app:1.0", "team/app:1.0", {{"automated", "true"}});
  const auto spec = find_updates(world.facts).spec;
  EXPECT_EQ(told(plan_release(spec, world.facts), "a"), "success main -> team/app:2.0");
  world.add("a", "team/app:2.0", "team/app:1.0", {{"automated", "true"}});
  EXPECT_EQ(told(plan_release(spec, world.facts), "a"), "skipped image(s) up to date");
  world.add("a", "team/app:1.0", "team/app:1.0", {{"automated", "true"}, {"locked", "true"}});
  EXPECT_EQ(told(plan_release(spec, world.facts), "a"), "skipped locked");
}

}  // namespace plan_test
}  // namespace flux::update
