#include "daemon/updates/updater.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/memory_marker.h"
#include "daemon/testing/memory_world.h"
#include "git/notes.h"
#include "model/update_note.h"

namespace flux::daemon {
namespace updater_test {

using git::testing::MemoryMirror;
using ::testing::HasSubstr;

constexpr auto kNewest = "<all latest>";

std::string deployment(const std::string& name, const std::string& tag, const std::string& annotations = "") {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: " + name + "\n  namespace: shop\n" + annotations +
         "spec:\n  template:\n    spec:\n      containers:\n      - name: web\n        image: team/app:" + tag +
         "  # as tested\n";
}

class UpdaterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const auto* name : {"a", "b"}) run(name, "1.0");
    push({{"a.yaml", deployment("a", "1.0")}, {"b.yaml", deployment("b", "1.0")}, {"README", "no manifest"}});
    options.committer = {"Flux", "flux@test", ""};
    options.notes_ref = "refs/notes/flux";
  }

  /// What the cluster has.
  void run(const std::string& name, const std::string& tag) {
    const Json container{{"name", "web"}, {"image", "team/app:" + tag}};
    const Json spec{{"template", {{"spec", {{"containers", Json::array({container})}}}}}};
    world.api->put("/apis/apps/v1/namespaces/shop/deployments/" + name,
                   Json{{"apiVersion", "apps/v1"},
                        {"kind", "Deployment"},
                        {"metadata", {{"name", name}, {"namespace", "shop"}}},
                        {"spec", spec}});
  }
  std::string push(const git::testing::Files& files) {
    auto revision = mirror.upstream().commit({.files = files});
    EXPECT_TRUE(mirror.refresh(bounded()));
    return revision;
  }
  static std::optional<images::Repository> known(const std::string& name) {
    if (name != "index.docker.io/team/app") return std::nullopt;
    images::Repository repository;
    int day = 0;
    for (const std::string tag : {"1.0", "1.1", "2.0"}) {
      repository.tags.push_back(tag);
      repository.images[tag].created_at = Timestamp(std::chrono::hours(24 * ++day));
    }
    repository.last_update = Timestamp(std::chrono::hours(1));
    return repository;
  }
  Updater updater(bool scanning = true) {
    Updater made(options, {mirror, marker, {"main", git::VerifyMode::none}, reader, cluster});
    if (scanning) made.use_images([](const Bounded&) { return KnownImages(known); });
    return made;
  }
  JobOutcome release(const std::string& image, const std::string& kind = "execute") {
    ReleaseImageSpec spec;
    spec.image = image;
    spec.kind = kind;
    spec.workloads = {"<all>"};
    return updater().run(bounded(), "job-1", {{"", "ann"}, spec});
  }
  JobOutcome change(const std::string& name, PolicyUpdate update) {
    PolicyUpdates updates;
    updates[ResourceId("shop", "deployment", name)] = std::move(update);
    return updater().run(bounded(), "job-2", {{"Because", "ann"}, updates});
  }
  std::string file(const std::string& path) { return mirror.upstream().files("main")[path].text; }
  static std::string told(const JobOutcome& outcome, const std::string& name) {
    const auto found = outcome.result.result.find(ResourceId("shop", "deployment", name));
    if (found == outcome.result.result.end()) return "nothing";
    return std::string(to_string(found->second.status)) + (found->second.error.empty() ? "" : " ") +
           found->second.error;
  }
  std::string note_of(const std::string& revision) {
    const auto notes = git::read_notes(bounded(), mirror.upstream(), "flux", {revision});
    return notes && notes->contains(revision) ? notes->at(revision).json : std::string();
  }

  memory::MemoryWorld world;
  MemoryMirror mirror;
  MemoryMarker marker;
  Published<SyncReport> reports;
  RevisionReader reader{{}, "default", {}, world.discovery, reports};
  sync::Cluster cluster{"set", *world.client, world.discovery, world.cache};
  UpdateOptions options;
};

TEST_F(UpdaterTest, AReleaseIsACommitWithANote) {
  options.skip_message = " [skip]";
  const auto outcome = release(kNewest);
  ASSERT_FALSE(outcome.error) << outcome.error->message;
  EXPECT_EQ(told(outcome, "a"), "success");
  EXPECT_EQ(file("a.yaml"), deployment("a", "2.0"));
  EXPECT_EQ(file("b.yaml"), deployment("b", "2.0"));
  const auto head = git::branch_head(bounded(), mirror.upstream(), "main").value();
  EXPECT_EQ(outcome.result.revision, head);
  const auto note = decode_note(note_of(head));
  ASSERT_TRUE(note) << note.error().message;
  EXPECT_EQ(note->job_id, "job-1");
  EXPECT_EQ(note->spec.cause.user, "ann");
  EXPECT_EQ(note->result, outcome.result.result);
}

TEST_F(UpdaterTest, APlanAndAReleaseOfNothingLeaveGitAlone) {
  const auto before = git::branch_head(bounded(), mirror.upstream(), "main").value();
  EXPECT_EQ(told(release("team/app:1.1", "plan"), "a"), "success");
  run("a", "2.0");
  run("b", "2.0");
  const auto outcome = release(kNewest);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->message, "no changes made in repo");
  EXPECT_EQ(told(outcome, "a"), "skipped image(s) up to date") << "what came of it is told all the same";
  EXPECT_EQ(git::branch_head(bounded(), mirror.upstream(), "main").value(), before);
}

TEST_F(UpdaterTest, PlansAnewOnWhatSomebodyElseHasPushed) {
  auto theirs = mirror.upstream().files("main");
  theirs["a.yaml"] = deployment("a", "1.0", "  labels: {by: them}\n");
  mirror.upstream().commit({.files = theirs});  // not fetched
  const auto outcome = release("team/app:1.1");
  ASSERT_FALSE(outcome.error) << outcome.error->message;
  EXPECT_EQ(file("a.yaml"), deployment("a", "1.1", "  labels: {by: them}\n"));
}

TEST_F(UpdaterTest, TellsOfAPushThatFails) {
  mirror.pushes().fail_next({ErrorKind::server, "no route", {}});
  const auto outcome = release("team/app:1.1");
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->message, "Problem committing and pushing to git repository: no route");
  EXPECT_EQ(told(outcome, "a"), "success");
  EXPECT_EQ(file("a.yaml"), deployment("a", "1.0"));
}

TEST_F(UpdaterTest, ChangesPolicies) {
  auto outcome = change("a", {{{"automated", "true"}, {"tag.web", "semver:~1"}}, {}});
  ASSERT_FALSE(outcome.error) << outcome.error->message;
  EXPECT_EQ(told(outcome, "a"), "success");
  EXPECT_THAT(file("a.yaml"), HasSubstr("fluxcd.io/automated: "));
  EXPECT_EQ(decode_note(note_of(outcome.result.revision))->result, UpdateResult());

  outcome = change("a", {{{"automated", "true"}}, {}});
  EXPECT_FALSE(outcome.error);
  EXPECT_EQ(told(outcome, "a"), "skipped");
  EXPECT_EQ(outcome.result.revision, "") << "nothing to commit, and no failure";

  outcome = change("none", {{{"automated", "true"}}, {}});
  EXPECT_EQ(told(outcome, "none"), "failed resource shop:deployment/none not found");
  outcome = change("a", {{{"tag.web", "semver:~3."}}, {}});
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->message, "invalid tag pattern: \"semver:~3.\"");
  options.allowed_namespaces = {"other"};
  EXPECT_THAT(change("a", {{{"locked", "true"}}, {}}).error->message, HasSubstr("not to touch"));
}

TEST_F(UpdaterTest, AutomationFindsWhatToRelease) {
  const auto nothing = updater().find_updates(bounded());
  ASSERT_TRUE(nothing) << nothing.error().message;
  EXPECT_EQ(nothing->workloads, 0U);
  ASSERT_FALSE(change("a", {{{"automated", "true"}, {"tag.web", "semver:~1"}}, {}}).error);
  const auto found = updater().find_updates(bounded());
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->spec.changes.size(), 1U);
  EXPECT_EQ(found->spec.changes[0].target.to_string(), "team/app:1.1");
  const auto outcome = updater().run(bounded(), "job-3", {{}, found->spec});
  ASSERT_FALSE(outcome.error) << outcome.error->message;
  EXPECT_THAT(file("a.yaml"), HasSubstr("team/app:1.1"));
  EXPECT_FALSE(updater().run(bounded(), "job-4", {{}, found->spec}).error) << "done meanwhile, which is no failure";
}

TEST_F(UpdaterTest, WithoutScansOnlyForceReleases) {
  ReleaseImageSpec spec;
  spec.image = "team/app:9";
  spec.kind = "execute";
  spec.workloads = {"shop:deployment/a"};
  EXPECT_THAT(updater(false).run(bounded(), "1", {{}, spec}).error->message, HasSubstr("does not scan registries"));
  spec.force = true;
  EXPECT_FALSE(updater(false).run(bounded(), "1", {{}, spec}).error);
  EXPECT_EQ(file("a.yaml"), deployment("a", "9"));
}

}  // namespace updater_test
}  // namespace flux::daemon
