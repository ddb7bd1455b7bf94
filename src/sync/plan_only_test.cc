// What changed is enough: a plan that looks at nothing else is the plan that looks at everything.
#include <gtest/gtest.h>

#include <random>

#include "sync/identity.h"
#include "sync/plan.h"

namespace flux::sync {
namespace plan_only_test {

constexpr const char* kSet = "set";

std::string to_do(const Plan& plan) {
  std::string out;
  for (const auto& apply : plan.applies) out += "apply " + apply.id.to_string() + ": " + apply.reason + "\n";
  for (const auto& deletion : plan.deletions) out += "delete " + deletion.id.to_string() + "\n";
  return out;
}

/// A repository and a cluster in which things happen at random, and a sync that follows.
class Simulation {
 public:
  explicit Simulation(unsigned seed) : random_(seed) {
    facts_.set_name = kSet;
    facts_.collect = {.enabled = true, .dry_run = false, .max_share = 1};
    facts_.unscoped = {id(3)};
    anchor_ = ResourceId("shop", "configmap", "always-there");
    in_git(anchor_, 0);
  }

  void happen() {
    const auto which = id(random_() % 40);
    switch (random_() % 8) {
      case 0:
      case 1:
        return in_git(which, random_() % 5);
      case 2:
        git_.erase(which);
        return;
      case 3:
        cluster_.erase(which);
        return;
      case 4:  // a status update, or somebody changes what is ours
        return change(which, [&](cluster::Object& object) { object.owned_fields += random_() % 2; });
      case 5:
        return change(which, [&](cluster::Object& object) { object.ignore = Ignore(random_() % 3); });
      case 6:
        return change(which, [](cluster::Object& object) { object.deleting = true; });
      default:
        return in_cluster(which, random_() % 2 == 0, 100);
    }
  }

  /// Plans for everything and for what changed; carries the plan out, but for some failures.
  void sync() {
    facts_.desired = &git_;
    facts_.live = &cluster_;
    facts_.applied = &applied_;
    facts_.only = nullptr;
    const auto full = make_plan(facts_);

    // What a sync changes itself can be changed back to what it planned with.
    std::set<ResourceId> changed = acted_on_;
    DesiredSet::compare(planned_git_, git_, [&](const auto& key, auto, auto) { changed.insert(key); });
    LiveSet::compare(planned_cluster_, cluster_, [&](const auto& key, auto, auto) { changed.insert(key); });
    planned_git_ = git_;
    planned_cluster_ = cluster_;
    facts_.only = &changed;
    const auto partial = make_plan(facts_);
    // Skips and what is kept say what is, not what is to be done: of what did not change they were told before.
    EXPECT_EQ(to_do(partial), to_do(full));
    for (const auto& kept : partial.kept)
      EXPECT_NE(std::ranges::find(full.kept, kept.id, &Kept::id), full.kept.end()) << kept.id.to_string();
    execute(full);
  }

 private:
  static ResourceId id(unsigned number) {
    return {"shop", number % 3 ? "configmap" : "deployment", std::to_string(number)};
  }

  void in_git(const ResourceId& which, unsigned version) {
    auto manifest = std::make_shared<Manifest>();
    manifest->type = {"v1", which.kind()};
    manifest->name = which.name();
    manifest->checksum = std::to_string(version);
    if (version == 4) manifest->policies = {{"ignore", "true"}};
    git_.set(which, Desired(manifest, "shop"));
  }
  void in_cluster(const ResourceId& which, bool ours, std::uint64_t fields) {
    auto object = std::make_shared<cluster::Object>();
    object->type = {"v1", which.kind()};
    object->id = which;
    object->uid = std::to_string(random_());
    object->owned_fields = fields;
    if (ours) object->gc_mark = gc_mark(kSet, which);
    cluster_.set(which, {object});
  }
  void change(const ResourceId& which, const std::function<void(cluster::Object&)>& how) {
    const auto* objects = cluster_.find(which);
    if (!objects) return;
    auto object = std::make_shared<cluster::Object>(*objects->front());
    how(*object);
    cluster_.set(which, {object});
  }

  void execute(const Plan& plan) {
    facts_.failed.clear();
    acted_on_.clear();
    for (const auto& apply : plan.applies) acted_on_.insert(apply.id);
    for (const auto& deletion : plan.deletions) acted_on_.insert(deletion.id);
    for (const auto& apply : plan.applies) {
      if (random_() % 10 == 0) {
        facts_.failed.insert(apply.id);
        continue;
      }
      const auto* before = find_live(cluster_, apply.id, git_.at(apply.id));
      auto object = before ? std::make_shared<cluster::Object>(*before) : std::make_shared<cluster::Object>();
      object->type = {"v1", apply.id.kind()};
      object->id = apply.id;
      if (object->uid.empty()) object->uid = std::to_string(random_());
      object->gc_mark = gc_mark(kSet, apply.id);
      cluster_.set(apply.id, {object});
      applied_.set(apply.id, {git_.at(apply.id).manifest, object->uid, object->content()});
    }
    for (const auto& deletion : plan.deletions) {
      if (random_() % 10 == 0) {
        facts_.failed.insert(deletion.id);
        continue;
      }
      cluster_.erase(deletion.id);
      applied_.erase(deletion.id);
    }
    const auto applied = applied_;
    for (const auto& [id, one] : applied)
      if (!git_.contains(id)) applied_.erase(id);
  }

  std::minstd_rand random_;
  ResourceId anchor_;
  DesiredSet git_;
  LiveSet cluster_;
  AppliedSet applied_;
  PlanFacts facts_;
  std::set<ResourceId> acted_on_;
  DesiredSet planned_git_;
  LiveSet planned_cluster_;
};

TEST(PlanOnlyTest, IsWhatTheFullPlanIs) {
  for (unsigned seed = 1; seed <= 15; ++seed) {
    Simulation simulation(seed);
    for (int step = 0; step < 100 && !::testing::Test::HasFailure(); ++step) {
      for (int i = step % 4; i >= 0; --i) simulation.happen();
      simulation.sync();
    }
    ASSERT_FALSE(::testing::Test::HasFailure()) << "with seed " << seed;
  }
}

}  // namespace plan_only_test
}  // namespace flux::sync
