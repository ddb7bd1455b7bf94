#include "cli/menu/choose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "cli/menu/pseudo_terminal.h"

namespace flux::cli {
namespace choose_test {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kShown = "\x1b[?25l";
constexpr const char* kEnded = "\x1b[?25h";

Menu menu() {
  const ContainerUpdate web{"web", *ImageRef::parse("ghcr.io/acme/web:1.4.0"),
                            *ImageRef::parse("ghcr.io/acme/web:1.6.0")};
  const ContainerUpdate proxy{"proxy", *ImageRef::parse("envoy:v1"), *ImageRef::parse("envoy:v2")};
  return Menu({{*ResourceId::parse("shop:deployment/web"), {WorkloadStatus::success, "", {web, proxy}}}});
}

/// The menu on a terminal, on a thread of its own.
struct Shown {
  explicit Shown(const std::string& typed_before = "") {
    terminal.type(typed_before);
    chosen = std::async(std::launch::async, [this] {
      auto device = Terminal::open(terminal.path());
      EXPECT_TRUE(device);
      return choose(Context(stop.get_token()), *device, menu());
    });
  }

  PseudoTerminal terminal;
  std::stop_source stop;
  std::future<Result<std::optional<ChosenUpdates>>> chosen;
};

std::size_t count(const ChosenUpdates& chosen) { return chosen.empty() ? 0 : chosen.begin()->second.size(); }

TEST(ChooseTest, GivesWhatIsCheckedAtTheEnd) {
  Shown shown;
  EXPECT_THAT(shown.terminal.shows(kShown), HasSubstr("⇒ ◉ shop:deployment/web"));
  EXPECT_FALSE(shown.terminal.is_as_before()) << "keys come at once and unseen";
  shown.terminal.type("\x1b[B");
  EXPECT_THAT(shown.terminal.shows("selected.\r\n"), StartsWith("\x1b[5A\r\x1b[J    WORKLOAD"));
  shown.terminal.type(" \r");
  const auto chosen = shown.chosen.get();
  ASSERT_TRUE(chosen && *chosen);
  ASSERT_EQ(count(**chosen), 1U);
  EXPECT_EQ((*chosen)->begin()->second.front().container, "web");
  EXPECT_TRUE(shown.terminal.is_as_before());
  EXPECT_THAT(shown.terminal.shows(kEnded), HasSubstr("\r\n"));
}

TEST(ChooseTest, LeavesTheTerminalAsItWasWhenAborted) {
  for (const auto* key : {"q", "\x03", "\x1b"}) {
    Shown shown;
    shown.terminal.shows(kShown);
    shown.terminal.type(key);
    const auto chosen = shown.chosen.get();
    ASSERT_TRUE(chosen);
    EXPECT_FALSE(*chosen);
    EXPECT_TRUE(shown.terminal.is_as_before());
    shown.terminal.shows(kEnded);
  }
}

TEST(ChooseTest, PassesOverWhatWasTypedBefore) {
  Shown shown(" q");
  shown.terminal.shows(kShown);
  shown.terminal.type("\r");
  const auto chosen = shown.chosen.get();
  ASSERT_TRUE(chosen && *chosen);
  EXPECT_EQ(count(**chosen), 2U);
}

TEST(ChooseTest, DrawsAnewWhenTheTerminalIsResized) {
  Shown shown;
  shown.terminal.shows(kShown);
  shown.terminal.resize(24, 40);
  // Where five lines were, there are now eight: the updates have two rows, the help three.
  EXPECT_THAT(shown.terminal.shows("selected.\r\n"), StartsWith("\x1b[9A\r\x1b[J    WORKLOAD"));
  shown.terminal.resize(6, 80);
  EXPECT_THAT(shown.terminal.shows("selected.\r\n"), StartsWith("\x1b[5A\r\x1b[J    WORKLOAD"));
  shown.terminal.type("\r");
  const auto chosen = shown.chosen.get();
  ASSERT_TRUE(chosen && *chosen);
  EXPECT_EQ(count(**chosen), 2U);
}

TEST(ChooseTest, EndsWithItsContextAndWithTheTerminal) {
  {
    Shown shown;
    shown.terminal.shows(kShown);
    shown.stop.request_stop();
    const auto chosen = shown.chosen.get();
    ASSERT_FALSE(chosen);
    EXPECT_EQ(chosen.error().kind, ErrorKind::cancelled);
    EXPECT_TRUE(shown.terminal.is_as_before());
    shown.terminal.shows(kEnded);
  }
  Shown shown;
  shown.terminal.shows(kShown);
  shown.terminal.hang_up();
  const auto chosen = shown.chosen.get();
  ASSERT_FALSE(chosen);
  EXPECT_THAT(chosen.error().message, StartsWith("cannot read from the terminal: "));
}

TEST(ChooseTest, NeedsATerminal) {
  const auto error = [](const std::string& path) { return Terminal::open(path).error().message; };
  EXPECT_EQ(error("/nonexistent"), "--interactive needs a terminal: /nonexistent: No such file or directory");
  EXPECT_EQ(error("/dev/null"), "--interactive needs a terminal: /dev/null: Inappropriate ioctl for device");
}

}  // namespace choose_test
}  // namespace flux::cli
