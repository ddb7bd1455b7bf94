#include "daemon/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "daemon/testing/memory_world.h"

namespace flux::daemon {
namespace source_test {

using git::testing::Files;
using git::testing::MemoryMirror;
using memory::config_map;
using memory::MemoryWorld;
using memory::path_of;
using ::testing::ElementsAre;

constexpr const char* kDeployment =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: shop}\nspec: {replicas: 1}\n";
constexpr const char* kDeploymentPath = "/apis/apps/v1/namespaces/shop/deployments/d";

/// A source with a repository of its own in memory, and a thread for each of its terms.
class Led {
 public:
  Led(MemoryWorld& world, const std::string& set) : world_(world) {
    SourceOptions options;
    options.sync.set_name = set;
    options.sync.branch.name = "main";
    options.sync.collect = {.enabled = true, .dry_run = false, .max_share = 1};
    const SourceGit git{[&](std::function<void()> on_refreshed) {
                          git::testing::MemoryMirrorOptions of;
                          of.on_refreshed = std::move(on_refreshed);
                          auto made = std::make_unique<MemoryMirror>(of);
                          mirror = made.get();
                          return made;
                        },
                        [](git::Mirror& of, git::Reader reader) {
                          return sync::tag_marker(of, "flux-sync", {"Flux", "flux@test", ""}, false, reader);
                        }};
    source = std::move(*Source::make(options, git, world.shared(), world.events));
  }
  void begin_term() {
    term_ = std::jthread([this](std::stop_token stop) { source->lead(world_.context(std::move(stop))); });
  }
  void end_term() {
    term_.request_stop();
    term_.join();
  }
  std::string push(const Files& files) {
    auto revision = mirror->upstream().commit({.files = files});
    EXPECT_TRUE(mirror->refresh(bounded()));
    return revision;
  }
  /// Until it is in the cluster and the marker has moved.
  bool wait_for(const std::string& revision) {
    return world_.wait_for_marker(std::exchange(synced_, revision), revision);
  }

  MemoryMirror* mirror = nullptr;  ///< the source's
  std::unique_ptr<Source> source;

 private:
  MemoryWorld& world_;
  std::string synced_;
  std::jthread term_;
};

TEST(Source, TwoInOneProcessKeepOutOfEachOthersWay) {
  MemoryWorld world;
  Led one(world, "one");
  Led two(world, "two");
  one.begin_term();
  two.begin_term();
  ASSERT_TRUE(one.wait_for(one.push({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}})));
  ASSERT_TRUE(two.wait_for(two.push({{"d.yaml", kDeployment}, {"c.yaml", config_map("c")}})));
  EXPECT_THAT(world.api->paths(), ElementsAre(path_of("a"), path_of("b"), path_of("c"), kDeploymentPath));

  // What one of them drops is deleted, and nothing of the other's.
  ASSERT_TRUE(one.wait_for(one.push({{"a.yaml", config_map("a")}})));
  ASSERT_TRUE(two.wait_for(two.push({{"d.yaml", kDeployment}})));
  EXPECT_THAT(world.api->paths(), ElementsAre(path_of("a"), kDeploymentPath));
  EXPECT_EQ(one.source->state().report.latest()->desired.resources->size(), 1U);
}

TEST(Source, TheEndOfOnesTermIsNotThatOfTheOthers) {
  MemoryWorld world;
  Led one(world, "one");
  Led two(world, "two");
  one.begin_term();
  two.begin_term();
  ASSERT_TRUE(one.wait_for(one.push({{"a.yaml", config_map("a")}})));
  ASSERT_TRUE(two.wait_for(two.push({{"d.yaml", kDeployment}})));
  one.end_term();
  world.api->forget_requests();
  // Nobody leads: what is pushed and what is changed stays, but questions are answered.
  const auto pushed = one.push({{"a.yaml", config_map("a", "2")}});
  world.api->remove(path_of("a"));
  EXPECT_EQ(one.source->state().report.latest()->live_revision.size(), 40U);
  // The other still sees at once what happens to its own types.
  world.api->remove(kDeploymentPath);
  ASSERT_TRUE(world.api->wait_for_writes(1));
  EXPECT_THAT(world.api->writes(), ElementsAre(std::string("PATCH ") + kDeploymentPath));

  one.begin_term();
  ASSERT_TRUE(one.wait_for(pushed));
  EXPECT_EQ((*world.api->object(path_of("a")))["data"]["value"], "2");
}

TEST(Source, ATermThatBeginsAgainStartsLikeANewProcess) {
  MemoryWorld world;
  Led led(world, "set");
  led.begin_term();
  const auto revision = led.push({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}});
  ASSERT_TRUE(led.wait_for(revision));
  led.end_term();
  world.api->remove(path_of("b"));
  world.api->forget_requests();
  led.begin_term();
  ASSERT_TRUE(world.api->wait_for_writes(2));
  led.end_term();
  EXPECT_THAT(world.api->writes(), ElementsAre("PATCH " + path_of("a"), "PATCH " + path_of("b")));
}

TEST(Source, RunsItsOwnJobs) {
  MemoryWorld world;
  Led led(world, "set");
  const auto revision = led.mirror->upstream().commit("a.yaml", config_map("a"));
  const auto id = led.source->state().jobs.enqueue(UpdateSpec()).value();
  led.begin_term();
  ASSERT_TRUE(led.wait_for(revision));
  EXPECT_EQ(led.source->state().jobs.status(id)->state, api::JobState::succeeded);
  EXPECT_EQ(led.source->state().jobs.status(id)->result.revision, revision);
}

}  // namespace source_test
}  // namespace flux::daemon
