#include "images/registry/rate_limits.h"

#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "base/test_log.h"

namespace flux::images {
namespace rate_limits_test {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const Clock::time_point kNow = Clock::now();

TEST(BucketTest, LetsABurstThroughAndThenItsRate) {
  Bucket bucket(10, 3);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.take(kNow), Duration::zero()) << i;
  EXPECT_EQ(bucket.take(kNow), milliseconds(100));
  EXPECT_EQ(bucket.take(kNow), milliseconds(200));
  // After a while it is full again, and not more.
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.take(kNow + minutes(1)), Duration::zero()) << i;
  EXPECT_GT(bucket.take(kNow + minutes(1)), Duration::zero());
}

TEST(BucketTest, LetsWhatIsUrgentThroughBeforeWhatWaits) {
  Bucket bucket(10, 3);
  for (int i = 0; i < 6; ++i) bucket.take(kNow);  // three of them wait
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.take(kNow, true), Duration::zero()) << i;
  EXPECT_EQ(bucket.take(kNow, true), milliseconds(700)) << "but not without end";
  EXPECT_EQ(bucket.take(kNow), milliseconds(800)) << "and the others wait for it";
  bucket.complained(kNow, seconds(5));
  EXPECT_GE(bucket.take(kNow + seconds(2), true), seconds(3)) << "a pause is for all";
}

TEST(BucketTest, HalvesItsRateOncePerComplaintAndGrowsBackLater) {
  Bucket bucket(10, 1);
  EXPECT_TRUE(bucket.complained(kNow, std::nullopt));
  EXPECT_FALSE(bucket.complained(kNow + milliseconds(5), std::nullopt)) << "requests that were under way";
  EXPECT_DOUBLE_EQ(bucket.rate(), 5);
  EXPECT_FALSE(bucket.went_well(kNow + minutes(19)));
  EXPECT_TRUE(bucket.went_well(kNow + minutes(21)));
  EXPECT_DOUBLE_EQ(bucket.rate(), 7.5);
  EXPECT_TRUE(bucket.went_well(kNow + minutes(21)));
  EXPECT_DOUBLE_EQ(bucket.rate(), 10) << "as it was set, and not more";
  EXPECT_FALSE(bucket.went_well(kNow + minutes(21)));
}

TEST(BucketTest, NeverStopsForGood) {
  Bucket bucket(1, 1);
  for (int i = 0; i < 20; ++i) bucket.complained(kNow + minutes(i), std::nullopt);
  EXPECT_DOUBLE_EQ(bucket.rate(), 0.1);
}

TEST(BucketTest, WaitsForAsLongAsTheHostAsks) {
  Bucket bucket(10, 5);
  bucket.complained(kNow, seconds(30));
  EXPECT_EQ(bucket.take(kNow), seconds(30));
  EXPECT_EQ(bucket.take(kNow + seconds(31)), Duration::zero());
}

TEST(RateLimitsTest, SaysThatAHostWantsToBeLeftAloneForLonger) {
  const KeptLog log;
  RateLimits limits(100, 10, log.log());
  limits.complained("quay.io", minutes(20));
  const auto waited = limits.wait(Context().with_timeout(seconds(5)), "quay.io");
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().kind, ErrorKind::server);
  EXPECT_NE(waited.error().message.find("quay.io"), std::string::npos);
  EXPECT_TRUE(limits.wait(Context().with_timeout(seconds(5)), "ghcr.io")) << "others are not slowed down";
  EXPECT_NE(log.text().find("limit=50.00"), std::string::npos) << log.text();
}

TEST(RetryAfterTest, IsSecondsOrADateWithinReason) {
  const auto now = std::chrono::system_clock::from_time_t(784111777);  // Sun, 06 Nov 1994 08:49:37 GMT
  EXPECT_EQ(retry_after("7", now), seconds(7));
  EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:49:47 GMT", now), seconds(10));
  EXPECT_EQ(retry_after("0", now), seconds(1));
  EXPECT_EQ(retry_after("-5", now), seconds(1));
  EXPECT_EQ(retry_after("99999999999999999999", now), std::chrono::hours(1));
  EXPECT_EQ(retry_after("Sun, 06 Nov 1984 08:49:47 GMT", now), seconds(1));
  for (const auto* text : {"", "soon", "1.5"}) EXPECT_EQ(retry_after(text, now), std::nullopt) << text;
  EXPECT_EQ(retry_after(std::nullopt, now), std::nullopt);
}

}  // namespace rate_limits_test
}  // namespace flux::images
