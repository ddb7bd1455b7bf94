#include "git/recovery.h"

#include <gtest/gtest.h>

namespace flux::git {
namespace recovery_test {

using std::chrono::minutes;
using std::chrono::seconds;

GitError error(GitFailure failure, std::string message = "x") {
  return GitError({ErrorKind::server, std::move(message), {}}, failure);
}

constexpr Clock::time_point kStart{};

/// How many failed fetches in a row it takes until a clone is due; 0: never.
int failures_until_due(GitFailure failure) {
  Recovery recovery(seconds(10));
  for (int i = 1; i <= 1000; ++i) {
    recovery.fetch_failed(error(failure));
    if (recovery.due(kStart)) return i;
  }
  return 0;
}

TEST(Recovery, what_is_the_servers_fault_never_costs_the_copy) {
  using enum GitFailure;
  for (const auto failure : {unknown_host, unreachable, untrusted_host, access_denied, not_found, missing_ref,
                             remote_damaged, timed_out, disk_full, not_run})
    EXPECT_EQ(failures_until_due(failure), 0) << static_cast<int>(failure);
}

TEST(Recovery, what_is_the_copys_fault_costs_it_at_once_and_what_nobody_knows_the_second_time) {
  using enum GitFailure;
  for (const auto failure : {other_format, locked, unwritable}) EXPECT_EQ(failures_until_due(failure), 1);
  for (const auto failure : {damaged, declined, other}) EXPECT_EQ(failures_until_due(failure), 2);
}

TEST(Recovery, a_fetch_that_works_clears_a_suspicion_but_not_a_proof) {
  Recovery recovery(seconds(10));
  recovery.fetch_failed(error(GitFailure::other));
  recovery.fetch_succeeded();
  recovery.fetch_failed(error(GitFailure::other));
  EXPECT_FALSE(recovery.why());
  recovery.fetch_failed(error(GitFailure::other, "second"));
  ASSERT_TRUE(recovery.why());
  EXPECT_EQ(recovery.why()->message, "second");
  recovery.fetch_succeeded();
  EXPECT_FALSE(recovery.why());

  recovery.condemn({ErrorKind::server, "objects are missing", {}});
  recovery.fetch_succeeded();
  EXPECT_TRUE(recovery.due(kStart));
  recovery.replaced(kStart);
  EXPECT_FALSE(recovery.why());
}

TEST(Recovery, clones_follow_each_other_after_growing_pauses) {
  Recovery recovery(seconds(10), minutes(1));
  auto now = kStart;
  std::vector<long> pauses;
  for (int i = 0; i < 6; ++i) {
    recovery.condemn({});
    const auto from = now;
    while (!recovery.due(now)) now += seconds(1);
    pauses.push_back(std::chrono::duration_cast<seconds>(now - from).count());
    recovery.replaced(now);
  }
  EXPECT_EQ(pauses, (std::vector<long>{0, 10, 20, 40, 60, 60}));

  now += minutes(2);
  recovery.condemn({});
  EXPECT_TRUE(recovery.due(now));
  recovery.replaced(now);
  recovery.condemn({});
  EXPECT_FALSE(recovery.due(now + seconds(9)));
  EXPECT_TRUE(recovery.due(now + seconds(10))) << "it begins again";
}

TEST(Recovery, a_clone_that_fails_is_tried_again_at_once_unless_the_copy_is_only_suspected) {
  Recovery condemned(seconds(10));
  condemned.condemn({});
  condemned.clone_failed(kStart);
  EXPECT_TRUE(condemned.due(kStart));

  Recovery suspected(seconds(10));
  for (int i = 0; i < 2; ++i) suspected.fetch_failed(error(GitFailure::other));
  suspected.clone_failed(kStart);
  EXPECT_FALSE(suspected.due(kStart + seconds(9)));
  suspected.clone_failed(kStart + seconds(10));
  EXPECT_FALSE(suspected.due(kStart + seconds(29)));
  EXPECT_TRUE(suspected.due(kStart + seconds(30)));
}

}  // namespace recovery_test
}  // namespace flux::git
