#include "sync/pacing.h"

#include <gtest/gtest.h>

namespace flux::sync {
namespace pacing_test {

using namespace std::chrono_literals;

const ResourceId kId("shop", "configmap", "a");

struct PacingTest : testing::Test {
  Pacing pacing{30s};
  Clock::time_point now{1h};
};

TEST_F(PacingTest, FailuresRestForAGrowingWhileUpToTheInterval) {
  for (const auto pause : {2s, 4s, 8s, 16s, 30s, 30s}) {
    pacing.failed(kId, now);
    EXPECT_EQ(*pacing.next() - now, pause);
    EXPECT_TRUE(pacing.resting(now).contains(kId));
    now += pause;
    EXPECT_TRUE(pacing.resting(now).empty());
  }
}

TEST_F(PacingTest, SuccessEndsTheStory) {
  pacing.failed(kId, now);
  pacing.succeeded(kId);
  EXPECT_TRUE(pacing.resting(now).empty());
  EXPECT_FALSE(pacing.next());
}

TEST_F(PacingTest, FewChangesAreputRightAtOnceAndManyWithPauses) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(pacing.put_right(kId, now), 0s);
  EXPECT_TRUE(pacing.resting(now).empty());
  EXPECT_EQ(pacing.put_right(kId, now), 1s);
  EXPECT_EQ(pacing.put_right(kId, now + 1s), 2s);
  EXPECT_TRUE(pacing.resting(now + 2s).contains(kId));
}

TEST_F(PacingTest, AQuietWhileIsForgiven) {
  for (int i = 0; i < 6; ++i) pacing.put_right(kId, now);
  EXPECT_EQ(pacing.contested(now), std::set<ResourceId>{kId});
  EXPECT_TRUE(pacing.contested(now + 11min).empty());
  EXPECT_EQ(pacing.put_right(kId, now + 11min), 0s);
}

TEST_F(PacingTest, AFightGoesOnWithThreeWritesAnHourWhateverTheInterval) {
  Duration last{};
  for (int i = 0; i < 40; ++i) {
    last = pacing.put_right(kId, now);
    now += std::max<Duration>(last, 10s);
    EXPECT_TRUE(pacing.forget_failures().empty());
  }
  EXPECT_EQ(last, 20min);
  EXPECT_EQ(pacing.forget(), std::set<ResourceId>{kId});
}

TEST_F(PacingTest, WhatIsChangedElsewhereAllTheTimeIsLookedAtLessOften) {
  for (int i = 0; i < 5; ++i) pacing.found_right(kId, now);
  EXPECT_TRUE(pacing.resting(now).empty());
  for (int i = 0; i < 10; ++i) pacing.found_right(kId, now);
  EXPECT_TRUE(pacing.resting(now + 29s).contains(kId));
  EXPECT_FALSE(pacing.resting(now + 30s).contains(kId));
  EXPECT_TRUE(pacing.contested(now).empty()) << "nobody fights";
}

TEST_F(PacingTest, WhatHasBeenTriedNoLongerWakesAnybody) {
  pacing.failed(kId, now);
  EXPECT_TRUE(pacing.take_due(now + 1s).empty());
  EXPECT_EQ(pacing.take_due(now + 2s), std::set<ResourceId>{kId});
  EXPECT_TRUE(pacing.take_due(now + 2s).empty());
  EXPECT_FALSE(pacing.next());
  pacing.failed(kId, now + 2s);
  EXPECT_EQ(*pacing.next(), now + 6s);
}

}  // namespace pacing_test
}  // namespace flux::sync
