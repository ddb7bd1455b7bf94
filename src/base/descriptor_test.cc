#include "base/descriptor.h"
#include "base/test_bounded.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <array>
#include <thread>

namespace flux {
namespace descriptor_test {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    read = Descriptor(ends[0]);
    write = Descriptor(ends[1]);
  }
  Descriptor read;
  Descriptor write;
};

TEST(WaitUntilReady, returns_when_there_is_something_to_read) {
  Pipe pipe;
  ASSERT_EQ(::write(pipe.write.get(), "x", 1), 1);
  EXPECT_TRUE(wait_until_ready({}, pipe.read.get(), POLLIN));
}

TEST(WaitUntilReady, a_hang_up_counts_as_ready) {
  Pipe pipe;
  pipe.write.reset();
  EXPECT_TRUE(wait_until_ready({}, pipe.read.get(), POLLIN));
}

TEST(WaitUntilReady, ends_with_the_deadline) {
  Pipe pipe;
  const auto outcome = wait_until_ready(Context().with_timeout(std::chrono::milliseconds(5)), pipe.read.get(), POLLIN);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::cancelled);
}

TEST(WaitUntilReady, ends_with_a_stop_from_another_thread) {
  Pipe pipe;
  std::stop_source stop;
  const std::jthread stopper([&] { stop.request_stop(); });
  const auto outcome = wait_until_ready(bounded(stop.get_token()), pipe.read.get(), POLLIN);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::cancelled);
}

}  // namespace descriptor_test
}  // namespace flux
