#include "http/handler_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "base/test_threads.h"

namespace flux::http {
namespace handler_pool_test {

TEST(HandlerPool, RunsAsManyAtOnceAsItHasThreads) {
  std::latch all_here(4);
  HandlerPool pool(4);
  for (int i = 0; i < 4; ++i) pool.submit([&] { all_here.arrive_and_wait(); });
  all_here.wait();
}

TEST(HandlerPool, HasNoMoreThreadsThanItNeeded) {
  const auto before = threads_of_this_process();
  HandlerPool pool(50);
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
  HandlerPool pool(1);
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

TEST(StreamThreads, EachJobHasAThreadAndAllAreWaitedFor) {
  constexpr int kCount = 50;
  std::latch all_here(kCount);
  std::atomic<int> finished = 0;
  {
    StreamThreads threads;
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
