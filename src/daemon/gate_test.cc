#include "daemon/gate.h"
#include "base/test_bounded.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

namespace flux::daemon {
namespace gate_test {

using namespace std::chrono_literals;

TEST(Gate, lets_through_as_many_as_it_has_places) {
  Gate gate(2, 0);
  auto a = gate.enter(bounded());
  const auto b = gate.enter(bounded());
  EXPECT_TRUE(a);
  EXPECT_TRUE(b);
  EXPECT_FALSE(gate.enter(bounded()));
  {
    const auto gone = std::move(*a);
  }
  EXPECT_TRUE(gate.enter(bounded()));
}

TEST(Gate, gives_up_waiting_with_the_context) {
  Gate gate(1, 1);
  const auto held = gate.enter(bounded());
  const auto late = gate.enter(Context().with_timeout(1ms));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::cancelled);
  std::stop_source stop;
  std::optional<Result<Gate::Pass>> answer;
  std::jthread waiting([&] { answer.emplace(gate.enter(bounded(stop.get_token()))); });
  stop.request_stop();
  waiting.join();
  ASSERT_FALSE(*answer);
  EXPECT_EQ(answer->error().kind, ErrorKind::cancelled);
}

TEST(Gate, is_never_overfull) {
  Gate gate(3, 100);
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 200; ++n) {
        const auto pass = gate.enter(bounded());
        ASSERT_TRUE(pass);
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

}  // namespace gate_test
}  // namespace flux::daemon
