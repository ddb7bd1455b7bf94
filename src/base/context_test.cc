#include "base/context.h"

#include <gtest/gtest.h>

#include <limits>
#include <thread>

namespace flux {
namespace context_test {

using std::chrono::hours;
using std::chrono::milliseconds;

// What takes a Bounded cannot be called without a deadline.
static_assert(!std::is_convertible_v<Context, Bounded> && !std::is_constructible_v<Bounded, Context>);
static_assert(std::is_same_v<decltype(Context().with_timeout(hours(1)).with_stop({})), Bounded>);
static_assert(std::is_same_v<decltype(Context().with_timeout(hours(1)).with_log({})), Bounded>);

TEST(ContextTest, NeverEndsByDefault) {
  const Context ctx;
  EXPECT_FALSE(ctx.done());
  EXPECT_FALSE(ctx.deadline());
  EXPECT_TRUE(ctx.check());
}

TEST(ContextTest, EndsWithItsStop) {
  std::stop_source source;
  const Context ctx(source.get_token());
  EXPECT_TRUE(ctx.check());
  source.request_stop();
  EXPECT_TRUE(ctx.stopped());
  EXPECT_FALSE(ctx.expired());
  ASSERT_FALSE(ctx.check());
  EXPECT_EQ(ctx.check().error().kind, ErrorKind::cancelled);
  EXPECT_EQ(ctx.check().error().message, "context canceled");
}

TEST(ContextTest, EndsAtItsDeadline) {
  const auto ctx = Context{}.with_timeout(Duration::zero());
  EXPECT_TRUE(ctx.expired());
  EXPECT_FALSE(ctx.stopped());
  ASSERT_FALSE(ctx.check());
  EXPECT_EQ(ctx.check().error().kind, ErrorKind::cancelled);
  EXPECT_EQ(ctx.check().error().message, "context deadline exceeded");
}

TEST(ContextTest, TakesTheNearerDeadline) {
  const auto near = Context{}.with_timeout(hours(1));
  EXPECT_EQ(near.with_timeout(hours(2)).deadline(), near.deadline());
  EXPECT_LT(near.with_timeout(milliseconds(1)).deadline(), near.deadline());
}

TEST(ContextTest, TakesAnyTimeoutThatAFlagCanHold) {
  EXPECT_FALSE(Context{}.with_timeout(Duration::max()).expired());
  EXPECT_TRUE(Context{}.with_timeout(Duration::min()).expired());
  EXPECT_TRUE(Context{}.with_timeout(milliseconds(-1)).expired());
}

TEST(ContextTest, KeepsItsDeadlineWithAnotherStop) {
  std::stop_source first;
  std::stop_source second;
  const auto outer = Context(first.get_token()).with_timeout(hours(1));
  const auto inner = outer.with_stop(second.get_token());
  first.request_stop();
  EXPECT_TRUE(outer.stopped());
  EXPECT_FALSE(inner.stopped());
  EXPECT_EQ(inner.deadline(), outer.deadline());
}

TEST(ContextTest, SleepsItsTime) {
  const auto start = Clock::now();
  EXPECT_TRUE(Context{}.sleep(milliseconds(20)));
  EXPECT_GE(Clock::now() - start, milliseconds(20));
}

TEST(ContextTest, WakesWhenStopped) {
  std::stop_source source;
  const Context ctx(source.get_token());
  bool slept = true;
  {
    const std::jthread sleeper([&] { slept = ctx.sleep(Duration::max()); });
    source.request_stop();
  }
  EXPECT_FALSE(slept);
}

TEST(ContextTest, WakesAtItsDeadline) {
  const auto start = Clock::now();
  EXPECT_FALSE(Context{}.with_timeout(milliseconds(10)).sleep(hours(1)));
  EXPECT_LT(Clock::now() - start, std::chrono::minutes(1));
}

}  // namespace context_test
}  // namespace flux
