#include "base/fair_semaphore.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "base/test_bounded.h"

namespace flux {
namespace fair_semaphore_test {

void until_waiting(const FairSemaphore& semaphore, std::size_t count) {
  while (semaphore.waiting() < count) std::this_thread::yield();
}

TEST(FairSemaphore, IsGivenInTheOrderOfAsking) {
  FairSemaphore one(1, "the other");
  std::optional held(*one.acquire(bounded()));
  std::string order;
  {
    const std::jthread first([&] {
      const auto mine = one.acquire(bounded());
      order += "first ";
    });
    until_waiting(one, 1);
    const std::jthread second([&] {
      const auto mine = one.acquire(bounded());
      order += "second ";
    });
    until_waiting(one, 2);
    held.reset();
    const auto again = one.acquire(bounded());
    order += "again ";
  }
  EXPECT_EQ(order, "first second again ");
}

TEST(FairSemaphore, WaiterThatGivesUpLetsTheNextOneIn) {
  FairSemaphore one(1, "the other");
  std::optional held(*one.acquire(bounded()));
  std::stop_source stop;
  {
    const std::jthread quitter([&] {
      const auto taken = one.acquire(bounded(stop.get_token()));
      ASSERT_FALSE(taken);
      EXPECT_EQ(taken.error().kind, ErrorKind::cancelled);
      EXPECT_EQ(taken.error().message, "waiting for the other: context canceled");
    });
    until_waiting(one, 1);
    const std::jthread next([&] { EXPECT_TRUE(one.acquire(bounded())); });
    until_waiting(one, 2);
    stop.request_stop();
    while (one.waiting() > 1) std::this_thread::yield();
    held.reset();
  }
  const auto late = one.acquire(Context().with_timeout(Duration::zero()));
  EXPECT_TRUE(late) << "a free permit needs no time";
  EXPECT_FALSE(one.acquire(Context().with_timeout(Duration::zero())));
}

TEST(FairSemaphore, GivesAsManyPermitsAsItHas) {
  FairSemaphore two(2, "a third");
  std::optional first(*two.acquire(bounded()));
  const auto second = two.acquire(bounded());
  EXPECT_EQ(two.available(), 0U);
  EXPECT_FALSE(two.acquire(Context().with_timeout(Duration::zero())));
  {
    const std::jthread a([&] { EXPECT_TRUE(two.acquire(bounded())); });
    const std::jthread b([&] { EXPECT_TRUE(two.acquire(bounded())); });
    until_waiting(two, 2);
    first.reset();
  }
  EXPECT_EQ(two.available(), 1U);
}

TEST(FairSemaphore, RefusesWhoWouldBeOneTooManyToWait) {
  FairSemaphore two(2, "a third", 1);
  std::optional first(*two.acquire(bounded()));
  const auto second = two.acquire(bounded());
  const std::jthread waiter([&] { EXPECT_TRUE(two.acquire(bounded())); });
  until_waiting(two, 1);
  const auto refused = two.acquire(bounded());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::server);
  EXPECT_EQ(refused.error().message, "too many are waiting for a third already");
  first.reset();
}

TEST(FairSemaphore, IsNeverOverfull) {
  FairSemaphore three(3, "a fourth");
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 200; ++n) {
        const auto permit = three.acquire(bounded());
        ASSERT_TRUE(permit);
        for (int now = ++inside, seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        std::this_thread::yield();
        --inside;
      }
    });
  threads.clear();
  EXPECT_LE(most, 3);
  EXPECT_GE(most, 1);
}

}  // namespace fair_semaphore_test
}  // namespace flux
