#include "base/process_group.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string>

#include "base/process.h"
#include "base/test_bounded.h"
#include "base/test_descriptors.h"

namespace flux {
namespace process_group_test {

std::atomic<int> group_signals = 0;
std::atomic<int> signals_to_strangers = 0;

/// In place of the C library's, for all of this program: notes whom a group's signal would hit.
extern "C" int kill(pid_t pid, int signal) noexcept {
  if (pid < -1) {
    siginfo_t info;
    // A leader that we have not reaped is still our child, be it a zombie.
    const bool ours = ::waitid(P_PID, static_cast<id_t>(-pid), &info, WEXITED | WNOWAIT | WNOHANG) == 0;
    ++(ours ? group_signals : signals_to_strangers);
  }
  return static_cast<int>(::syscall(SYS_kill, pid, signal));
}

Command shell(const std::string& script) {
  Command command;
  command.argv = {"sh", "-c", script};
  command.env = {"PATH=/usr/bin:/bin"};
  return command;
}

TEST(ProcessGroup, IsNeverSignalledOnceItsLeaderIsReaped) {
  group_signals = 0;
  signals_to_strangers = 0;
  const auto soon = [] { return Context{}.with_timeout(std::chrono::milliseconds(50)); };
  ASSERT_TRUE(run(bounded(), shell("sleep 600 & exit 0")));
  EXPECT_EQ(group_signals, 1) << "what a child leaves behind is killed";
  ASSERT_FALSE(run(soon(), shell("sleep 600")));
  ASSERT_FALSE(run(soon(), shell("trap '' TERM; while :; do sleep 1; done")));
  auto noisy = shell("yes");
  noisy.max_output = 1000;
  ASSERT_FALSE(run(bounded(), noisy));
  ASSERT_TRUE(Child::start(shell("exec sleep 600")));
  ASSERT_TRUE(Child::start(shell("exit 0")));
  EXPECT_GE(group_signals, 6);
  EXPECT_EQ(signals_to_strangers, 0);
}

TEST(ProcessGroup, EndsWhatItCannotWatch) {
  std::array<int, 2> alive{};
  ASSERT_EQ(::pipe(alive.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::setpgid(0, 0);
    ::close(alive[0]);
    while (true) ::pause();
  }
  ::setpgid(child, child);
  const Descriptor reading(alive[0]);
  ::close(alive[1]);
  {
    const DescriptorsLeft none(0);
    const auto group = ProcessGroup::adopt(child);
    ASSERT_FALSE(group);
    EXPECT_NE(group.error().message.find("Too many open files"), std::string::npos) << group.error().message;
  }
  char byte = 0;
  EXPECT_EQ(::read(reading.get(), &byte, 1), 0) << "the child is gone";
}

}  // namespace process_group_test
}  // namespace flux
