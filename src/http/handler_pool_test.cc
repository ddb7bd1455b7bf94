#include "http/handler_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <thread>

#include "base/test_log.h"
#include "base/test_threads.h"

namespace flux::http {
namespace handler_pool_test {

TEST(HandlerPool, RunsAsManyAtOnceAsItHasThreads) {
  std::latch all_here(4);
  HandlerPool pool(4, {});
  ASSERT_TRUE(pool.start());
  for (int i = 0; i < 4; ++i) pool.submit([&] { all_here.arrive_and_wait(); });
  all_here.wait();
}

TEST(HandlerPool, HasNoMoreThreadsThanItNeeded) {
  const auto before = threads_of_this_process();
  HandlerPool pool(50, {});
  ASSERT_TRUE(pool.start());
  EXPECT_LE(threads_of_this_process(), before + 1);
  std::latch all_here(3);
  for (int i = 0; i < 3; ++i) pool.submit([&] { all_here.arrive_and_wait(); });
  all_here.wait();
  EXPECT_LE(threads_of_this_process(), before + 3 + 1);  // the first may have been on its way to wait
}

TEST(HandlerPool, ClosingWaitsForWhatRunsAndDropsTheRest) {
  std::latch begun(1);
  std::latch go_on(1);
  std::atomic<int> finished = 0;
  HandlerPool pool(1, {});
  ASSERT_TRUE(pool.start());
  pool.submit([&] {
    begun.count_down();
    go_on.wait();
    ++finished;
  });
  pool.submit([&] { ++finished; });
  begun.wait();
  std::jthread closer([&] { pool.close(); });
  go_on.count_down();
  closer.join();
  const int before = finished;
  pool.submit([&] { ++finished; });
  EXPECT_GE(before, 1);
  EXPECT_EQ(finished, before);
}

TEST(HandlerPool, GoesOnAfterAJobThatThrows) {
  const KeptLog kept;
  std::latch begun(1);
  HandlerPool pool(1, kept.log());
  ASSERT_TRUE(pool.start());
  pool.submit([] { throw std::runtime_error("broken"); });
  pool.submit([&] { begun.count_down(); });
  begun.wait();
  EXPECT_TRUE(kept.wait_for("handling HTTP requests: broken"));
}

TEST(HandlerPool, MakesDoWithTheThreadsThatThereAre) {
  const KeptLog kept;
  std::latch begun(2);
  HandlerPool pool(4, kept.log());
  ASSERT_TRUE(pool.start());
  const NoMoreThreads none;
  std::latch go_on(1);
  pool.submit([&] {
    go_on.wait();
    begun.count_down();
  });
  pool.submit([&] { begun.count_down(); });
  go_on.count_down();
  begun.wait();
  EXPECT_TRUE(kept.wait_for("no thread can be started"));
}

TEST(HandlerPool, WithoutAnyThreadItDoesNotStart) {
  const NoMoreThreads none;
  EXPECT_FALSE(HandlerPool(4, {}).start());
}

TEST(StreamThreads, SaysWhatAJobThrowsAndThatThereIsNoThread) {
  const KeptLog kept;
  StreamThreads threads(kept.log());
  EXPECT_TRUE(threads.start([] { throw std::runtime_error("broken"); }));
  EXPECT_TRUE(kept.wait_for("streaming an HTTP response: broken"));
  const NoMoreThreads none;
  EXPECT_FALSE(threads.start([] {}));
  EXPECT_TRUE(kept.wait_for("no thread can be started"));
}

TEST(StreamThreads, EachJobHasAThreadAndAllAreWaitedFor) {
  constexpr int kCount = 50;
  std::latch all_here(kCount);
  std::atomic<int> finished = 0;
  {
    StreamThreads threads{{}};
    for (int i = 0; i < kCount; ++i)
      ASSERT_TRUE(threads.start([&] {
        all_here.arrive_and_wait();
        ++finished;
      }));
  }
  EXPECT_EQ(finished, kCount);
}

}  // namespace handler_pool_test
}  // namespace flux::http
