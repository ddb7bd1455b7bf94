#include "daemon/jobs.h"
#include "base/test_bounded.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <thread>

namespace flux::daemon {
namespace jobs_test {

using api::JobState;

UpdateSpec sync_for(const std::string& user, const std::string& message = "") {
  UpdateSpec spec;
  spec.cause = {message, user};
  return spec;
}

JobOutcome revision(const std::string& name) {
  JobOutcome outcome;
  outcome.result.revision = name;
  return outcome;
}

struct JobsTest : ::testing::Test {
  bool run(const Jobs::Run& work = [](auto&, auto&, auto&) { return revision("done"); }) {
    return jobs.run_next(bounded(), std::chrono::minutes(1), work);
  }
  std::string state_of(const std::string& id) {
    const auto status = jobs.status(id);
    return status ? std::string(to_string(status->state)) : "unknown";
  }

  metrics::Metrics metrics;
  int rings = 0;
  Jobs jobs{metrics, [this] { ++rings; }};
};

TEST_F(JobsTest, a_job_goes_from_queued_over_running_to_its_end) {
  const auto id = jobs.enqueue(sync_for("Ann"));
  ASSERT_TRUE(id);
  EXPECT_EQ(rings, 1);
  EXPECT_EQ(state_of(*id), "queued");
  EXPECT_TRUE(run([&](const Context& ctx, const std::string& given, const UpdateSpec& spec) {
    EXPECT_EQ(given, *id);
    EXPECT_EQ(spec.cause.user, "Ann");
    EXPECT_TRUE(ctx.deadline());
    EXPECT_EQ(state_of(*id), "running");
    EXPECT_EQ(jobs.overview().running, (api::JobSummary{*id, "sync", "Ann", ""}));
    return revision("5f3c");
  }));
  const auto status = jobs.status(*id);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, JobState::succeeded);
  EXPECT_EQ(status->result.revision, "5f3c");
  EXPECT_EQ(status->error, "");
  EXPECT_FALSE(jobs.overview().running);
  EXPECT_FALSE(run());
}

TEST_F(JobsTest, a_failed_job_keeps_its_error_and_its_result) {
  const auto id = jobs.enqueue(sync_for("Ann"));
  run([](auto&, auto&, auto&) {
    auto outcome = revision("5f3c");
    outcome.error = Error{ErrorKind::user, "not verified", "help"};
    return outcome;
  });
  const auto status = jobs.status(*id);
  EXPECT_EQ(status->state, JobState::failed);
  EXPECT_EQ(status->error, "not verified");
  EXPECT_EQ(status->result.revision, "5f3c");
}

TEST_F(JobsTest, run_in_the_order_of_their_arrival) {
  std::vector<std::string> ids;
  for (const auto* user : {"a", "b", "c"}) ids.push_back(*jobs.enqueue(sync_for(user, "m")));
  const auto waiting = jobs.overview().queued;
  ASSERT_EQ(waiting.size(), 3U);
  EXPECT_EQ(waiting[1], (api::JobSummary{ids[1], "sync", "b", "m"}));
  std::vector<std::string> ran;
  while (run([&](auto&, const std::string& id, auto&) {
    ran.push_back(id);
    return JobOutcome();
  })) {
  }
  EXPECT_EQ(ran, ids);
}

TEST_F(JobsTest, forgets_the_oldest_of_a_hundred_that_have_ended) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < Jobs::kRemembered + 2; ++i) {
    ids.push_back(*jobs.enqueue(sync_for("a")));
    run();
  }
  EXPECT_EQ(state_of(ids[0]), "unknown");
  EXPECT_EQ(state_of(ids[1]), "unknown");
  EXPECT_EQ(state_of(ids[2]), "succeeded");
  EXPECT_EQ(state_of(ids.back()), "succeeded");
}

TEST_F(JobsTest, remembers_what_has_not_ended_however_much_there_is) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < Jobs::kRemembered + 50; ++i) ids.push_back(*jobs.enqueue(sync_for("a")));
  EXPECT_EQ(state_of(ids.front()), "queued");
  while (run()) {
  }
  EXPECT_EQ(state_of(ids[49]), "unknown");
  EXPECT_EQ(state_of(ids[50]), "succeeded");
}

TEST_F(JobsTest, refuses_more_than_it_will_ever_get_to) {
  for (std::size_t i = 0; i < Jobs::kMostWaiting; ++i) ASSERT_TRUE(jobs.enqueue(sync_for("a")));
  EXPECT_FALSE(jobs.enqueue(sync_for("a")));
  EXPECT_EQ(jobs.overview().queued.size(), Jobs::kMostWaiting);
  run();
  EXPECT_TRUE(jobs.enqueue(sync_for("a")));
}

TEST_F(JobsTest, are_measured) {
  jobs.enqueue(sync_for("a")).value();
  jobs.enqueue(sync_for("a")).value();
  EXPECT_NE(metrics.exposition().find("flux_daemon_queue_length_count 2\n"), std::string::npos);
  run();
  run([](auto&, auto&, auto&) { return JobOutcome{{}, Error{}}; });
  const auto page = metrics.exposition();
  EXPECT_NE(page.find("flux_daemon_queue_length_count 0\n"), std::string::npos);
  EXPECT_NE(page.find("flux_daemon_queue_duration_seconds_count 2\n"), std::string::npos);
  EXPECT_NE(page.find("flux_daemon_job_duration_seconds_count{success=\"true\"} 1\n"), std::string::npos);
  EXPECT_NE(page.find("flux_daemon_job_duration_seconds_count{success=\"false\"} 1\n"), std::string::npos);
}

/// Queues jobs one after the other and follows each to its end.
void follow_jobs(Jobs& jobs, int count) {
  for (int n = 0; n < count; ++n) {
    const auto id = jobs.enqueue(UpdateSpec()).value();
    auto last = JobState::queued;
    while (last != JobState::succeeded) {
      const auto status = jobs.status(id);
      ASSERT_TRUE(status) << id;
      ASSERT_TRUE(status->state == last || status->state != JobState::queued) << id;
      last = status->state;
      std::this_thread::yield();
    }
  }
}

TEST(Jobs, are_never_seen_as_anything_but_what_comes_next) {
  constexpr int kClients = 4;
  metrics::Metrics metrics;
  Jobs jobs(metrics, [] {});
  std::atomic<int> busy = kClients;
  std::vector<std::jthread> clients;
  for (int i = 0; i < kClients; ++i)
    clients.emplace_back([&] {
      // No more in all than are remembered: a client that is held up must not find its job forgotten.
      follow_jobs(jobs, static_cast<int>(Jobs::kRemembered) / kClients);
      --busy;
    });
  while (busy > 0)
    if (!jobs.run_next(bounded(), std::chrono::minutes(1), [](auto&, auto&, auto&) { return revision("x"); }))
      std::this_thread::yield();
}

TEST(JobIds, look_like_those_of_flux_and_are_all_different) {
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const auto id = new_job_id();
    ASSERT_TRUE(id);
    EXPECT_TRUE(std::regex_match(*id, form)) << *id;
    ids.insert(*id);
  }
  EXPECT_EQ(ids.size(), 1000U);
}

}  // namespace jobs_test
}  // namespace flux::daemon
