#include "cluster/forward/relay.h"

#include <gmock/gmock.h>
#include <sys/socket.h>

#include <stdexcept>

#include "base/test_bounded.h"
#include "base/test_threads.h"

namespace flux::cluster {
namespace relay_test {

using ::testing::HasSubstr;

struct BrokenStream : PodStream {
  Result<void> write(const Context&, std::string_view) override { return {}; }
  Result<bool> finish(const Context&) override { return true; }
  Result<bool> read(const Context&, std::string&) override { throw std::runtime_error("broken"); }
};

/// Both ends of a connection.
std::pair<LocalConnection, Descriptor> connection() {
  int ends[2];
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
  return {LocalConnection(Descriptor(ends[0])), Descriptor(ends[1])};
}

TEST(Relay, AnExceptionOnTheWayBackEndsItAsAnError) {
  auto [local, program] = connection();
  BrokenStream pod;
  const auto outcome = relay(bounded(), local, pod);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "moving bytes from the pod: broken");
}

TEST(Relay, NoThreadLeftIsAnError) {
  auto [local, program] = connection();
  BrokenStream pod;
  const NoMoreThreads none;
  const auto outcome = relay(bounded(), local, pod);
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("no thread can be started"));
}

}  // namespace relay_test
}  // namespace flux::cluster
