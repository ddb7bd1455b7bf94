#include "daemon/loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "daemon/testing/memory_world.h"

namespace flux::daemon {
namespace loop_test {

using git::testing::MemoryMirror;
using memory::config_map;
using memory::MemoryWorld;
using memory::path_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

/// A loop on a thread of its own, over a repository and a cluster in memory; a job only says that it ran.
struct LoopTest : ::testing::Test {
  LoopTest() {
    syncing.set_name = "set";
    syncing.branch.name = "main";
    mirror.emplace(git::testing::MemoryMirrorOptions{.on_refreshed = [this] {
      state.arrivals.fetched();
      state.triggers.refreshed();
    }});
    marker = sync::tag_marker(*mirror, "flux-sync", {"Flux", "flux@test", ""}, false);
  }
  void begin() {
    pass.emplace(syncing, *mirror, sync::Cluster{"set", *world.client, world.discovery, world.cache}, *marker,
                 world.metrics, state.report, world.events);
    loop.emplace(
        syncing, options, *mirror, *marker, *pass, [this](auto&, auto& id, auto&) { return work(id); },
        [this](auto&) { automated(); }, state);
    thread = std::jthread([this](std::stop_token stop) { loop->run(world.context(std::move(stop))); });
  }
  JobOutcome work(const std::string& id) {
    late_while_working = state.heartbeat.late();
    const std::lock_guard lock(mutex);
    EXPECT_TRUE(std::this_thread::get_id() == thread.get_id());
    ran.push_back(id);
    changed.notify_all();
    return {};
  }
  void automated() {
    const std::lock_guard lock(mutex);
    ++automations;
    changed.notify_all();
  }
  bool wait_for_automations(int count) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::minutes(1), [&] { return automations >= count; });
  }
  bool wait_for_jobs(std::size_t count) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::minutes(1), [&] { return ran.size() >= count; });
  }
  std::string push(const std::string& value) {
    auto revision = mirror->upstream().commit("a.yaml", config_map("a", value));
    EXPECT_TRUE(mirror->refresh(bounded()));
    return revision;
  }
  bool wait_for(const std::string& revision) {
    return world.wait_for_marker(std::exchange(synced, revision), revision);
  }

  MemoryWorld world;
  SourceState state{world.metrics};
  SyncOptions syncing;
  LoopOptions options;
  std::optional<MemoryMirror> mirror;
  std::unique_ptr<sync::Marker> marker;
  std::optional<SyncPass> pass;
  std::optional<Loop> loop;
  std::mutex mutex;  ///< guards ran
  std::condition_variable changed;
  std::vector<std::string> ran;
  int automations = 0;
  bool late_while_working = false;
  std::string synced;
  std::jthread thread;
};

TEST_F(LoopTest, AutomatesOnceThereIsSomethingToFollowAndWhenAsked) {
  options.automation_interval = std::chrono::hours(1);
  begin();
  state.triggers.automation_due();
  ASSERT_TRUE(wait_for(push("1")));
  ASSERT_TRUE(wait_for_automations(1));
  state.triggers.automation_due();
  ASSERT_TRUE(wait_for_automations(2));
  ASSERT_TRUE(wait_for(push("2")));
  const std::lock_guard lock(mutex);
  EXPECT_EQ(automations, 2) << "a commit asks for nothing";
}

TEST_F(LoopTest, AutomatesOnItsInterval) {
  options.automation_interval = std::chrono::milliseconds(1);
  begin();
  ASSERT_TRUE(wait_for(push("1")));
  EXPECT_TRUE(wait_for_automations(3));
}

TEST_F(LoopTest, RunsJobsAsTheyComeWhetherOrNotThereIsSomethingToSync) {
  begin();
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(state.jobs.enqueue(UpdateSpec()).value());
  ASSERT_TRUE(wait_for_jobs(3));
  EXPECT_EQ(ran, ids);
  ids.push_back(state.jobs.enqueue(UpdateSpec()).value());
  ASSERT_TRUE(wait_for_jobs(4));
  EXPECT_EQ(ran, ids);
  EXPECT_EQ(*state.fetched_head.latest(), "");
}

TEST_F(LoopTest, RemembersWhyItFoundNoHead) {
  mirror->set_status({git::MirrorState::fresh, Error{ErrorKind::server, "not yet", ""}});
  begin();
  state.triggers.refreshed();
  state.jobs.enqueue(UpdateSpec()).value();
  ASSERT_TRUE(wait_for_jobs(1));
  const auto errors = state.past_errors.list();
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].message, "looking for the head of main: git repo not ready: not yet");
}

TEST_F(LoopTest, SyncsEachHeadThatIsFetched) {
  begin();
  for (const auto* value : {"1", "2", "3"}) {
    const auto revision = push(value);
    ASSERT_TRUE(wait_for(revision));
    EXPECT_EQ(*state.fetched_head.latest(), revision);
    EXPECT_EQ((*world.api->object(path_of("a")))["data"]["value"], value);
  }
}

TEST_F(LoopTest, ASyncThatFailedIsTriedAgainByItself) {
  mirror->pushes().fail_next({ErrorKind::server, "hook declined", ""});
  begin();
  const auto revision = push("1");
  ASSERT_TRUE(wait_for(revision));
  const auto errors = state.past_errors.list();
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_THAT(errors[0].message, HasSubstr("sync of " + revision));
  EXPECT_THAT(errors[0].message, HasSubstr("hook declined"));
}

TEST_F(LoopTest, PutsRightWhatIsChangedInTheCluster) {
  begin();
  ASSERT_TRUE(wait_for(push("1")));
  world.triggers.add(state.triggers);
  world.api->forget_requests();
  world.api->remove(path_of("a"));
  ASSERT_TRUE(world.api->wait_for_writes(1));
  EXPECT_TRUE(world.api->object(path_of("a")));
  world.triggers.remove(state.triggers);
}

TEST_F(LoopTest, ComparesEverythingAtEachInterval) {
  syncing.sync_interval = std::chrono::milliseconds(5);
  begin();
  ASSERT_TRUE(wait_for(push("1")));
  world.api->forget_requests();
  // Nobody tells the loop; only the periodic comparison can find it.
  world.api->remove(path_of("a"));
  ASSERT_TRUE(world.api->wait_for_writes(1));
}

struct LoopWithoutPauseTest : LoopTest {
  LoopWithoutPauseTest() {
    syncing.sync_interval = std::chrono::nanoseconds(1);
    begin();
    EXPECT_TRUE(wait_for(push("1")));
  }
  /// Returns once at least one whole turn has been made, with its comparison. How many syncs counted as good in it.
  double good_in_a_turn() {
    const auto before = syncs("true");
    for (int i = 0; i < 2; ++i) {
      state.jobs.enqueue(UpdateSpec()).value();
      EXPECT_TRUE(wait_for_jobs(++jobs));
    }
    return syncs("true") - before;
  }
  double syncs(const std::string& success) {
    const auto page = world.metrics.exposition();
    const auto name = "flux_daemon_sync_duration_seconds_count{success=\"" + success + "\"} ";
    const auto at = page.find(name);
    return at == std::string::npos ? 0 : std::stod(page.substr(at + name.size()));
  }
  std::size_t jobs = 0;
};

TEST_F(LoopWithoutPauseTest, NoSyncCountsAsGoodWhileGitCannotBeFetched) {
  EXPECT_GT(good_in_a_turn(), 0);
  mirror->set_status({git::MirrorState::ready, Error{ErrorKind::server, "connection refused", ""}});
  good_in_a_turn();
  const auto failed = syncs("false");
  EXPECT_EQ(good_in_a_turn(), 0);
  EXPECT_GT(syncs("false"), failed);
  EXPECT_THAT(state.report.latest()->last->error->message, HasSubstr("connection refused"));
  EXPECT_TRUE(state.arrivals.now().sync);
  mirror->set_status({git::MirrorState::ready, std::nullopt});
  good_in_a_turn();
  EXPECT_GT(good_in_a_turn(), 0);
  EXPECT_FALSE(state.arrivals.now().sync);
}

TEST_F(LoopWithoutPauseTest, NoSyncCountsAsGoodWhileTheBranchIsNotThere) {
  mirror->copy(git::Reader::sync).remove_branch("main");
  state.triggers.refreshed();
  good_in_a_turn();
  EXPECT_EQ(good_in_a_turn(), 0);
  EXPECT_TRUE(state.arrivals.now().branch);
}

TEST_F(LoopTest, NoComparisonCountsAsGoodWhileTheClusterIsAway) {
  std::atomic<bool> away = true;
  syncing.sync_interval = std::chrono::milliseconds(1);
  options.cluster_away = [&] { return away ? std::optional(Error{ErrorKind::server, "no etcd", ""}) : std::nullopt; };
  begin();
  ASSERT_TRUE(wait_for(push("1")));
  ASSERT_TRUE(world.log.wait_for("this sync does not count as good"));
  away = false;
  ASSERT_TRUE(world.log.wait_for("the cluster is there again"));
  EXPECT_EQ(state.past_errors.list().front().message, "no etcd");
  thread.request_stop();
  thread.join();
}

TEST_F(LoopTest, IsLateWhileAJobTakesLongerThanItMay) {
  options.busy_limit = Duration::zero();
  begin();
  state.jobs.enqueue(UpdateSpec()).value();
  ASSERT_TRUE(wait_for_jobs(1));
  EXPECT_TRUE(late_while_working);
  thread.request_stop();
  thread.join();
  EXPECT_FALSE(state.heartbeat.late());
}

TEST_F(LoopTest, StopsWhileASyncWaitsForGit) {
  mirror->pushes().hold();
  begin();
  push("1");
  ASSERT_TRUE(mirror->pushes().wait_until_held());
  thread.request_stop();
  thread.join();
  EXPECT_THAT(state.past_errors.list(), ElementsAre());
}

}  // namespace loop_test
}  // namespace flux::daemon
