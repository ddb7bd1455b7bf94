#include "base/bell.h"
#include "base/test_bounded.h"

#include <gtest/gtest.h>

#include <thread>

namespace flux {
namespace bell_test {

using std::chrono::hours;

TEST(BellTest, HearsARingFromBefore) {
  Bell bell;
  bell.ring();
  EXPECT_TRUE(bell.wait({}, hours(1)));
}

TEST(BellTest, MakesOneOfManyRings) {
  Bell bell;
  for (int i = 0; i < 3; ++i) bell.ring();
  EXPECT_TRUE(bell.wait({}, hours(1)));
  EXPECT_FALSE(bell.wait({}, Duration::zero()));
}

TEST(BellTest, WakesAnotherThread) {
  Bell bell;
  bool heard = false;
  {
    const std::jthread waiter([&] { heard = bell.wait({}, hours(1)); });
    bell.ring();
  }
  EXPECT_TRUE(heard);
}

TEST(BellTest, GivesUpAfterItsTime) {
  Bell bell;
  EXPECT_FALSE(bell.wait({}, std::chrono::milliseconds(5)));
}

TEST(BellTest, GivesUpWhenTheContextEnds) {
  Bell bell;
  EXPECT_FALSE(bell.wait(Context{}.with_timeout(std::chrono::milliseconds(5)), hours(1)));
  std::stop_source source;
  bool heard = true;
  {
    const std::jthread waiter([&] { heard = bell.wait(bounded(source.get_token()), Duration::max()); });
    source.request_stop();
  }
  EXPECT_FALSE(heard);
}

TEST(BellTest, KeepsARingThatItWasTooLateFor) {
  Bell bell;
  std::stop_source source;
  source.request_stop();
  bell.ring();
  // Stopped, but rung as well: the ring is what was waited for.
  EXPECT_TRUE(bell.wait(bounded(source.get_token()), hours(1)));
}

}  // namespace bell_test
}  // namespace flux
