#include "daemon/schedule.h"

#include <gtest/gtest.h>

namespace flux::daemon {
namespace schedule_test {

using namespace std::chrono_literals;
using Sync = Schedule::Sync;

struct ScheduleTest : ::testing::Test {
  Clock::time_point now{100h};
  Schedule schedule{5min, now};
  const SyncFacts completed{.completed = true};
  const SyncFacts failed{};
};

TEST_F(ScheduleTest, ANewHeadIsSyncedAtOnce) {
  EXPECT_EQ(schedule.sync(now, false), Sync::none);
  schedule.new_head(now);
  EXPECT_EQ(schedule.next(), now);
  EXPECT_EQ(schedule.sync(now, false), Sync::changes);
  schedule.synced(completed, now);
  EXPECT_EQ(schedule.sync(now, false), Sync::none);
  EXPECT_EQ(schedule.sync(now, true), Sync::changes) << "a change in the cluster needs no time";
}

TEST_F(ScheduleTest, ASyncThatFailsIsTriedAgainWithGrowingPauses) {
  schedule.new_head(now);
  for (const auto pause : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
    schedule.synced(failed, now);
    EXPECT_EQ(schedule.next() - now, pause);
    EXPECT_EQ(schedule.sync(now, false), Sync::none);
    now += pause;
    EXPECT_EQ(schedule.sync(now, false), Sync::changes);
  }
  schedule.new_head(now);
  schedule.synced(failed, now);
  EXPECT_EQ(schedule.next() - now, 1s) << "another head begins anew";
}

TEST_F(ScheduleTest, EverythingIsComparedOnItsInterval) {
  EXPECT_EQ(schedule.next() - now, 5min);
  now += 5min;
  EXPECT_EQ(schedule.sync(now, false), Sync::everything);
  schedule.synced({.completed = true, .compared_all = true}, now);
  EXPECT_EQ(schedule.next() - now, 5min);
  schedule.synced(completed, now + 1min);
  EXPECT_EQ(schedule.next() - now, 5min) << "other syncs do not put it off";
}

TEST_F(ScheduleTest, WithoutAHeadNothingIsCompared) {
  now += 5min;
  schedule.nothing_to_sync(now);
  EXPECT_EQ(schedule.sync(now, false), Sync::none);
  EXPECT_EQ(schedule.next() - now, 5min);
}

TEST_F(ScheduleTest, ABranchThatCouldNotBeSeenIsLookedForAgain) {
  EXPECT_FALSE(schedule.look(now));
  schedule.looked(false, now);
  EXPECT_FALSE(schedule.look(now));
  EXPECT_EQ(schedule.next() - now, 10s);
  EXPECT_TRUE(schedule.look(now + 10s));
  schedule.looked(true, now + 10s);
  EXPECT_FALSE(schedule.look(now + 1h));
}

TEST_F(ScheduleTest, RestingResourcesHaveATimeOfTheirOwn) {
  schedule.synced({.completed = true, .retry = now + 7s}, now);
  EXPECT_EQ(schedule.next() - now, 7s);
  EXPECT_EQ(schedule.sync(now + 7s, false), Sync::changes);
  schedule.synced(completed, now + 7s);
  EXPECT_EQ(schedule.sync(now + 8s, false), Sync::none);
}

TEST_F(ScheduleTest, DeletionsThatWaitAreTriedAgainWithGrowingPauses) {
  const SyncFacts waiting{.completed = true, .deletions_wait = true};
  for (const auto pause : {1s, 2s, 4s, 8s}) {
    schedule.synced(waiting, now);
    EXPECT_EQ(schedule.next() - now, pause);
    now += pause;
  }
  schedule.synced(completed, now);
  schedule.synced(waiting, now);
  EXPECT_EQ(schedule.next() - now, 1s);
}

/// A time in the past that nothing moves on would be a busy loop.
TEST_F(ScheduleTest, WhateverFailsTheNextTimeIsAlwaysAhead) {
  schedule.synced({.completed = true, .deletions_wait = true, .retry = now + 1s}, now);
  for (int i = 0; i < 20; ++i) {
    now = schedule.next();
    ASSERT_NE(schedule.sync(now, false), Sync::none);
    schedule.synced({.completed = false, .compared_all = schedule.sync(now, false) == Sync::everything}, now);
    ASSERT_GT(schedule.next(), now);
  }
}

}  // namespace schedule_test
}  // namespace flux::daemon
