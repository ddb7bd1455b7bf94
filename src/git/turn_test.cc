#include "git/turn.h"
#include "base/test_bounded.h"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

namespace flux::git {
namespace turn_test {

void until_waiting(const Turn& turn, std::size_t count) {
  while (turn.waiting() < count) std::this_thread::yield();
}

TEST(Turn, IsGivenInTheOrderOfAsking) {
  Turn turn;
  std::optional held(*turn.take(bounded()));
  std::string order;
  {
    const std::jthread first([&] {
      const auto mine = turn.take(bounded());
      order += "first ";
    });
    until_waiting(turn, 1);
    const std::jthread second([&] {
      const auto mine = turn.take(bounded());
      order += "second ";
    });
    until_waiting(turn, 2);
    held.reset();
    const auto again = turn.take(bounded());
    order += "again ";
  }
  EXPECT_EQ(order, "first second again ");
}

TEST(Turn, WaiterThatGivesUpLetsTheNextOneIn) {
  Turn turn;
  std::optional held(*turn.take(bounded()));
  std::stop_source stop;
  {
    const std::jthread quitter([&] {
      const auto taken = turn.take(bounded(stop.get_token()));
      ASSERT_FALSE(taken);
      EXPECT_EQ(taken.error().kind, ErrorKind::cancelled);
      EXPECT_EQ(taken.error().message, "waiting for another git operation to end: context canceled");
    });
    until_waiting(turn, 1);
    const std::jthread next([&] { EXPECT_TRUE(turn.take(bounded())); });
    until_waiting(turn, 2);
    stop.request_stop();
    while (turn.waiting() > 1) std::this_thread::yield();
    held.reset();
  }
  const auto late = turn.take(Context().with_timeout(Duration::zero()));
  EXPECT_TRUE(late) << "a free turn needs no time";
  EXPECT_FALSE(turn.take(Context().with_timeout(Duration::zero())));
}

}  // namespace turn_test
}  // namespace flux::git
