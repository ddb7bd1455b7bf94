#include "base/worker.h"

#include <gmock/gmock.h>

#include <array>
#include <future>
#include <latch>
#include <stdexcept>

#include "base/test_log.h"
#include "base/test_threads.h"

namespace flux {
namespace worker_test {

using std::chrono::milliseconds;
using std::chrono::minutes;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

TEST(Worker, RunsUnderItsNameUntilItIsStopped) {
  std::promise<std::string> name;
  auto worker = Worker::start({.name = "a name that is too long", .doing = "testing"}, [&](const Context& ctx) {
    std::array<char, 16> text{};
    ::pthread_getname_np(::pthread_self(), text.data(), text.size());
    name.set_value(text.data());
    while (ctx.sleep(minutes(1)));
  });
  ASSERT_TRUE(worker);
  EXPECT_EQ(name.get_future().get(), "a name that is ");
  EXPECT_FALSE(worker->finished());
  worker->request_stop();
  worker->join();
  EXPECT_TRUE(worker->finished());
}

TEST(Worker, ABodyThatReturnsIsNotStartedAgain) {
  int runs = 0;
  auto worker = Worker::start({.name = "once", .doing = "testing"}, [&](const Context&) { ++runs; }).value();
  worker.join();
  EXPECT_EQ(runs, 1);
}

TEST(Worker, ABodyThatThrowsIsLoggedAndStartedAgainAfterGrowingPauses) {
  const KeptLog kept;
  int runs = 0;
  std::latch well(1);
  auto worker = Worker::start({.name = "flaky",
                               .doing = "watching the cluster",
                               .log = kept.log(),
                               .first_pause = milliseconds(1),
                               .max_pause = minutes(1)},
                              [&](const Context&) {
                                if (++runs == 1) throw std::runtime_error("broken");
                                if (runs == 2) throw 7;
                                if (runs == 3) throw std::runtime_error("still broken");
                                well.count_down();
                              })
                    .value();
  well.wait();
  EXPECT_THAT(
      kept.text(),
      MatchesRegex(".*err=\"watching the cluster: broken\" help=\"[^\"]*again in 1ms.\" thread=flaky\n"
                   ".*err=\"watching the cluster: an exception of unknown type\" help=\"[^\"]*again in 2ms.\".*\n"
                   ".*err=\"watching the cluster: still broken\" help=\"[^\"]*again in 4ms.\".*\n"));
}

TEST(NextPause, DoublesUpToItsBoundAndForgetsAfterALongRun) {
  const WorkerOptions options{
      .name = "", .doing = "", .first_pause = milliseconds(100), .max_pause = milliseconds(350)};
  const std::tuple<int, int, int> rows[] = {{0, 1, 100},   {100, 1, 200},   {200, 1, 350},
                                            {350, 1, 350}, {350, 351, 100}, {0, 351, 100}};
  for (const auto& [before, ran, expected] : rows)
    EXPECT_EQ(next_pause(options, milliseconds(before), milliseconds(ran)), milliseconds(expected)) << before;
}

TEST(Worker, AStopEndsThePauseToo) {
  const KeptLog kept;
  auto worker =
      Worker::start(
          {.name = "", .doing = "testing", .log = kept.log(), .first_pause = minutes(5), .max_pause = minutes(5)},
          [](const Context&) { throw std::runtime_error("broken"); })
          .value();
  EXPECT_TRUE(kept.wait_for("again in 5m"));
  worker.request_stop();
  worker.join();
}

TEST(Worker, OrSomebodyIsToldOnce) {
  const KeptLog kept;
  std::vector<std::string> told;
  auto worker = Worker::start({.name = "",
                               .doing = "testing",
                               .log = kept.log(),
                               .on_failure = [&](const Error& error) { told.push_back(error.message); }},
                              [](const Context&) { throw std::runtime_error("broken"); })
                    .value();
  worker.join();
  EXPECT_THAT(told, ::testing::ElementsAre("testing: broken"));
  EXPECT_THAT(kept.text(), HasSubstr("err=\"testing: broken\""));
  EXPECT_TRUE(worker.finished());
}

void fail_for_good() {
  auto worker = Worker::start({.name = "mirror",
                               .doing = "fetching",
                               .log = Log(stderr_sink(), LogFormat::logfmt),
                               .on_failure = exit_process(3)},
                              [](const Context&) { throw std::runtime_error("broken"); })
                    .value();
  worker.join();
}

TEST(WorkerDeathTest, ExitProcessEndsItWithThatStatus) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(fail_for_good(), ::testing::ExitedWithCode(3), "err=\"fetching: broken\"");
}

TEST(Worker, NoThreadLeftIsAnError) {
  const NoMoreThreads none;
  const auto worker = Worker::start({.name = "", .doing = "testing"}, [](const Context&) {});
  ASSERT_FALSE(worker);
  EXPECT_EQ(worker.error().kind, ErrorKind::server);
  EXPECT_THAT(worker.error().message, HasSubstr("testing: no thread can be started: "));
  EXPECT_THAT(worker.error().help, AllOf(HasSubstr("pids"), HasSubstr("ulimit")));
}

}  // namespace worker_test
}  // namespace flux
