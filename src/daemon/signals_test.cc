#include "daemon/signals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <mutex>

#include "base/test_threads.h"

namespace flux::daemon {
namespace signals_test {

using ::testing::ElementsAre;

/// What signals to this process come to, in their order.
struct Heard {
  Heard() {
    EXPECT_TRUE(signals.listen({}, [this](std::string name) { add(std::move(name)); }, [this] { add("hangup"); }));
  }
  void add(std::string name) {
    const std::lock_guard lock(mutex);
    names.push_back(std::move(name));
    changed.notify_all();
  }
  std::vector<std::string> after(std::size_t count) {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, std::chrono::seconds(10), [&] { return names.size() >= count; });
    return names;
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> names;
  Signals signals;
};

struct SignalsTest : ::testing::Test {
  SignalsTest() { pthread_sigmask(SIG_SETMASK, nullptr, &before); }
  ~SignalsTest() override {
    // Those that nobody has heard would end the process.
    sigset_t ours;
    sigemptyset(&ours);
    for (const int number : {SIGUSR1, SIGUSR2}) sigaddset(&ours, number);
    const timespec at_once{};
    while (::sigtimedwait(&ours, nullptr, &at_once) > 0) continue;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  sigset_t before;
};

TEST_F(SignalsTest, NothingThatComesFromOutsideEndsTheListening) {
  Heard heard;
  std::size_t count = 0;
  for (const int number : {SIGUSR2, SIGHUP, SIGUSR1, SIGTERM, SIGUSR2, SIGINT}) {
    ASSERT_EQ(::kill(::getpid(), number), 0);
    if (number == SIGUSR1 || number == SIGUSR2) continue;
    ASSERT_EQ(heard.after(++count).size(), count) << number;
  }
  EXPECT_THAT(heard.after(count), ElementsAre("hangup", "terminated", "interrupt"));
}

TEST_F(SignalsTest, WithoutAThreadItIsAnError) {
  const NoMoreThreads none;
  Signals signals;
  const auto listening = signals.listen({}, [](const std::string&) {}, [] {});
  ASSERT_FALSE(listening);
  EXPECT_THAT(listening.error().message, ::testing::HasSubstr("listening for signals"));
}

}  // namespace signals_test
}  // namespace flux::daemon
