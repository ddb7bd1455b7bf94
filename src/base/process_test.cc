#include "base/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "base/test_bounded.h"
#include "base/test_descriptors.h"
#include "base/test_temp_dir.h"

namespace flux {
namespace process_test {

namespace fs = std::filesystem;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

Command shell(const std::string& script) {
  Command command;
  command.argv = {"sh", "-c", script};
  command.env = {"PATH=/usr/bin:/bin"};
  return command;
}

Bounded a_minute() { return Context().with_timeout(minutes(1)); }

Exit must_run(const Command& command) {
  auto exit = run(a_minute(), command);
  if (!exit) ADD_FAILURE() << exit.error().message;
  return exit.value_or(Exit{});
}

/// A named pipe: opening it waits for the other side, so it tells when a child has come so far.
class ProcessTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::mkfifo((dir_ / "fifo").c_str(), 0600), 0); }

  [[nodiscard]] std::string fifo() const { return dir_ / "fifo"; }
  /// Waits until a child writes a line, and gives it.
  [[nodiscard]] std::string next_line() const {
    std::ifstream in(fifo());
    std::string line;
    std::getline(in, line);
    return line;
  }

  const TempDir temp_;
  const fs::path dir_ = temp_.path();
};

TEST_F(ProcessTest, KeepsTheStreamsApart) {
  const auto exit = must_run(shell("echo out; echo err >&2; exit 3"));
  EXPECT_EQ(exit.status, 3);
  EXPECT_EQ(exit.out, "out\n");
  EXPECT_EQ(exit.err, "err\n");
}

TEST_F(ProcessTest, GivesTheChildItsInput) {
  auto command = shell("cat");
  command.input = "hello";
  EXPECT_EQ(must_run(command).out, "hello");
}

TEST_F(ProcessTest, ClosesAnEmptyInput) { EXPECT_EQ(must_run(shell("cat; echo end")).out, "end\n"); }

TEST_F(ProcessTest, PassesLargeInputThroughLargeOutput) {
  auto command = shell("cat; cat >&2 </dev/null");
  for (int i = 0; i < 200'000; ++i) command.input += "0123456789";
  EXPECT_EQ(must_run(command).out, command.input);
}

TEST_F(ProcessTest, HandsOnMoreThanItWouldHold) {
  auto command = shell("head -c 3000000 /dev/zero; echo end; echo err >&2");
  command.max_output = 100'000;
  EXPECT_FALSE(run(bounded(), command));
  std::size_t taken = 0;
  std::string last;
  command.on_output = [&](std::string_view output) {
    taken += output.size();
    last = output.substr(output.size() - std::min<std::size_t>(output.size(), 4));
  };
  const auto exit = must_run(command);
  EXPECT_EQ(taken, 3'000'004U);
  EXPECT_EQ(last, "end\n");
  EXPECT_EQ(exit.out, "");
  EXPECT_EQ(exit.err, "err\n");
}

TEST_F(ProcessTest, DoesNotMindAChildThatIgnoresItsInput) {
  auto command = shell("exec <&-; exit 5");
  command.input.assign(4 << 20, 'x');
  EXPECT_EQ(must_run(command).status, 5);
}

TEST_F(ProcessTest, GivesTheChildNothingButItsOwnEnvironment) {
  auto command = shell("env | grep -v -e ^PWD= -e ^OLDPWD= -e ^SHLVL= -e ^_=");
  command.env.emplace_back("FLUX_TEST=a b");
  EXPECT_EQ(must_run(command).out, "PATH=/usr/bin:/bin\nFLUX_TEST=a b\n");
}

TEST_F(ProcessTest, RunsInTheGivenDirectory) {
  auto command = shell("pwd -P");
  command.cwd = dir_;
  EXPECT_EQ(must_run(command).out, fs::canonical(dir_).string() + "\n");
}

TEST_F(ProcessTest, LooksForTheProgramInThePathOfTheChild) {
  std::ofstream(dir_ / "flux-test-program") << "#!/bin/sh\necho found\n";
  fs::permissions(dir_ / "flux-test-program", fs::perms::owner_all);
  Command command;
  command.argv = {"flux-test-program"};
  command.env = {"PATH=/nonexistent:" + dir_.string()};
  EXPECT_EQ(must_run(command).out, "found\n");
}

TEST_F(ProcessTest, SaysWhichProgramIsMissing) {
  Command command;
  command.argv = {"flux-no-such-program"};
  const auto exit = run(bounded(), command);
  ASSERT_FALSE(exit);
  EXPECT_EQ(exit.error().kind, ErrorKind::server);
  EXPECT_THAT(exit.error().message, HasSubstr("cannot run flux-no-such-program: No such file or directory"));
  EXPECT_THAT(exit.error().help, HasSubstr("flux-no-such-program"));
}

TEST_F(ProcessTest, TellsTheSignalAsAShellDoes) { EXPECT_EQ(must_run(shell("kill -KILL $$")).status, 128 + SIGKILL); }

TEST_F(ProcessTest, GivesTheChildDefaultSignals) {
  // Ours ignores SIGPIPE; a child that inherited that would not die of it.
  EXPECT_EQ(must_run(shell("kill -PIPE $$; exit 0")).status, 128 + SIGPIPE);
}

TEST_F(ProcessTest, EndsAChildAtTheDeadline) {
  const auto start = Clock::now();
  const auto exit = run(Context{}.with_timeout(std::chrono::milliseconds(50)), shell("sleep 600"));
  ASSERT_FALSE(exit);
  EXPECT_EQ(exit.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(exit.error().message, "context deadline exceeded");
  EXPECT_LT(Clock::now() - start, seconds(60));
}

TEST_F(ProcessTest, EndsAChildWhenStopped) {
  std::stop_source source;
  Result<Exit> exit;
  {
    const std::jthread runner(
        [&] { exit = run(bounded(source.get_token()), shell("echo >" + fifo() + "; sleep 600")); });
    (void)next_line();
    source.request_stop();
  }
  ASSERT_FALSE(exit);
  EXPECT_EQ(exit.error().message, "context canceled");
}

TEST_F(ProcessTest, EndsTheWholeGroup) {
  std::stop_source source;
  std::ifstream from_grandchild;
  {
    const auto script = shell("(exec 3>" + fifo() + "; echo up >&3; exec sleep 600) & wait");
    const std::jthread runner([&] { (void)run(bounded(source.get_token()), script); });
    from_grandchild.open(fifo());
    std::string line;
    std::getline(from_grandchild, line);
    ASSERT_EQ(line, "up");
    source.request_stop();
  }
  // The grandchild alone holds the pipe open for writing: its end is the end of the file.
  EXPECT_EQ(from_grandchild.get(), std::ifstream::traits_type::eof());
}

TEST_F(ProcessTest, KillsAChildThatIgnoresSigterm) {
  std::stop_source source;
  Result<Exit> exit;
  {
    const std::jthread runner([&] {
      exit = run(bounded(source.get_token()), shell("trap '' TERM; echo >" + fifo() + "; while :; do sleep 1; done"));
    });
    (void)next_line();
    source.request_stop();
  }
  EXPECT_FALSE(exit);
}

TEST_F(ProcessTest, DoesNotWaitForAGrandchildThatHoldsThePipes) {
  const auto start = Clock::now();
  const auto exit = must_run(shell("sleep 600 & echo done"));
  EXPECT_EQ(exit.out, "done\n");
  EXPECT_LT(Clock::now() - start, seconds(60));
}

TEST_F(ProcessTest, EndsAChildThatPrintsTooMuch) {
  auto command = shell("yes");
  command.max_output = 100'000;
  const auto exit = run(a_minute(), command);
  ASSERT_FALSE(exit);
  EXPECT_EQ(exit.error().kind, ErrorKind::server);
  EXPECT_EQ(exit.error().message, "sh printed more than 100000 bytes");
}

TEST_F(ProcessTest, StartsNothingOnceTheContextHasEnded) {
  const auto exit = run(Context{}.with_timeout(Duration::zero()), shell("touch " + (dir_ / "made").string()));
  EXPECT_FALSE(exit);
  EXPECT_FALSE(fs::exists(dir_ / "made"));
}

TEST_F(ProcessTest, LeavesNoDescriptorBehind) {
  const auto open_files = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
  };
  must_run(shell("true"));
  const auto before = open_files();
  for (int i = 0; i < 5; ++i) must_run(shell("echo x; echo y >&2"));
  EXPECT_EQ(open_files(), before);
}

TEST_F(ProcessTest, LeavesNoDescriptorToTheChild) {
  const auto exit = must_run(shell("ls /proc/self/fd"));
  EXPECT_EQ(exit.out, "0\n1\n2\n3\n");  // 3 is ls reading the directory
}

TEST_F(ProcessTest, SaysThatThereAreNotEnoughDescriptors) {
  must_run(shell("true"));
  int refused = 0;
  for (int left = 0; left < 16; ++left) {
    const DescriptorsLeft few(left);
    const auto exit = run(a_minute(), shell("true"));
    if (exit) break;
    ++refused;
    EXPECT_EQ(exit.error().kind, ErrorKind::server) << exit.error().message;
    const auto child = Child::start(shell("true"));
    EXPECT_TRUE(child || child.error().kind == ErrorKind::server) << child.error().message;
  }
  EXPECT_GE(refused, 5);
  EXPECT_LT(refused, 16) << "with so many it has to work";
}

TEST_F(ProcessTest, TalksToALongLivedChild) {
  auto child = Child::start(shell("while read -r line; do echo \"<$line>\"; done"));
  ASSERT_TRUE(child);
  for (const std::string word : {"one", "two"}) {
    ASSERT_TRUE(child->write(a_minute(), word + "\n"));
    std::string answer;
    while (!answer.ends_with('\n')) ASSERT_TRUE(child->read(a_minute(), answer));
    EXPECT_EQ(answer, "<" + word + ">\n");
  }
}

TEST_F(ProcessTest, StopsTalkingAtTheDeadline) {
  auto child = Child::start(shell("exec sleep 600"));
  ASSERT_TRUE(child);
  std::string answer;
  const auto read = child->read(Context{}.with_timeout(std::chrono::milliseconds(20)), answer);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::cancelled);
  const auto written = child->write(Context{}.with_timeout(std::chrono::milliseconds(20)), std::string(1 << 20, 'x'));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::cancelled);
}

TEST_F(ProcessTest, TellsThatALongLivedChildIsGone) {
  auto child = Child::start(shell("echo bye"));
  ASSERT_TRUE(child);
  std::string answer;
  auto read = child->read(a_minute(), answer);
  while (read) read = child->read(a_minute(), answer);
  EXPECT_EQ(answer, "bye\n");
  EXPECT_EQ(read.error().kind, ErrorKind::server);
  Result<void> written;
  while (written) written = child->write(a_minute(), "more");
  EXPECT_EQ(written.error().kind, ErrorKind::server);
}

TEST_F(ProcessTest, CanMoveALongLivedChild) {
  auto first = Child::start(shell("cat"));
  ASSERT_TRUE(first);
  Child second = std::move(*first);
  ASSERT_TRUE(second.write(a_minute(), "x"));
  std::string answer;
  ASSERT_TRUE(second.read(a_minute(), answer));
  EXPECT_EQ(answer, "x");
}

TEST(InheritTest, TakesOnlyWhatIsSet) {
  ::setenv("FLUX_TEST_SET", "a=b", 1);
  ::unsetenv("FLUX_TEST_UNSET");
  EXPECT_THAT(inherit({"FLUX_TEST_UNSET", "FLUX_TEST_SET"}), ElementsAre("FLUX_TEST_SET=a=b"));
}

}  // namespace process_test
}  // namespace flux
