#include "daemon/loop.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <thread>

#include "base/test_bounded.h"
#include "cluster/scripted_transport.h"
#include "git/fetching_mirror.h"

namespace flux::daemon {
namespace loop_test {

/// A loop without a repository: it has nothing to sync, and jobs to run.
struct LoopTest : ::testing::Test {
  LoopTest()
      : mirror(git::MirrorConfig{}),
        marker(sync::tag_marker(mirror, "flux-sync", {}, false)),
        cache(bounded(), *client, {}),
        pass({}, mirror, {"set", *client, discovery, cache}, *marker, metrics, board, events),
        loop(
            {}, door, mirror, *marker, pass, jobs, [this](auto&, auto& id, auto&) { return work(id); }, heartbeat,
            past_errors),
        thread([this](const std::stop_token& stop) { loop.run(Context(stop)); }) {}

  JobOutcome work(const std::string& id) {
    const std::lock_guard lock(mutex);
    EXPECT_TRUE(std::this_thread::get_id() == thread.get_id());
    ran.push_back(id);
    changed.notify_all();
    return {};
  }
  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(30), [&] { return ran.size() >= count; });
  }

  std::unique_ptr<cluster::Client> client = cluster::scripted_client(
      std::make_shared<cluster::ScriptedTransport>([](auto&) { return std::optional(cluster::respond(404)); }));
  cluster::Discovery discovery{*client, {}};
  EventLog events;
  metrics::Metrics metrics;
  Doorbell door;
  Heartbeat heartbeat;
  PastErrors past_errors;
  SyncBoard board;
  git::FetchingMirror mirror;
  std::unique_ptr<sync::Marker> marker;
  cluster::WatchCache cache;
  Jobs jobs{metrics, [this] { door.on_job(); }};
  SyncPass pass;
  Loop loop;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> ran;
  std::jthread thread;
};

TEST_F(LoopTest, runs_jobs_as_they_come_whether_or_not_there_is_something_to_sync) {
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(jobs.enqueue(UpdateSpec()).value());
  ASSERT_TRUE(wait_for(3));
  EXPECT_EQ(ran, ids);
  ids.push_back(jobs.enqueue(UpdateSpec()).value());
  ASSERT_TRUE(wait_for(4));
  EXPECT_EQ(ran, ids);
  EXPECT_EQ(loop.fetched_head(), "");
}

TEST_F(LoopTest, remembers_why_it_found_no_head) {
  door.on_refreshed();
  jobs.enqueue(UpdateSpec()).value();
  ASSERT_TRUE(wait_for(1));
  const auto errors = past_errors.list();
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].message, "looking for the head of : git repo does not have valid config");
}

}  // namespace loop_test
}  // namespace flux::daemon
