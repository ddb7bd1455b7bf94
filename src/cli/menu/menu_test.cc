#include "cli/menu/menu.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flux::cli {
namespace menu_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

ContainerUpdate update(const std::string& container, const std::string& from, const std::string& to) {
  return {container, *ImageRef::parse(from), *ImageRef::parse(to)};
}

ResourceId id(const std::string& text) { return *ResourceId::parse(text); }

UpdateResult plan() {
  return {{id("shop:deployment/api"), {WorkloadStatus::skipped, "locked", {}}},
          {id("shop:deployment/web"),
           {WorkloadStatus::success,
            "",
            {update("web", "ghcr.io/acme/web:1.4.0", "ghcr.io/acme/web:1.6.0"),
             update("proxy", "envoyproxy/envoy:v1.20", "envoyproxy/envoy:v1.21")}}},
          {id("shop:deployment/zed"), {WorkloadStatus::success, "one\nline", {update("z", "z:1", "z:2")}}}};
}

std::vector<std::string> names(const ChosenUpdates& chosen) {
  std::vector<std::string> names;
  for (const auto& [workload, updates] : chosen)
    for (const auto& one : updates) names.push_back(std::string(workload.name()) + "/" + one.container);
  return names;
}

constexpr const char* kHelp = "Use arrow keys and [Space] to toggle updates; hit [Enter] to release selected.\n";

TEST(MenuTest, LooksAsThatOfFluxV1) {
  Menu menu(plan());
  EXPECT_EQ(menu.draw({24, 80}),
            std::string("    WORKLOAD             STATUS   UPDATES\n"
                        "    shop:deployment/api  skipped  locked\n"
                        "⇒ ◉ shop:deployment/web  success  web: ghcr.io/acme/web:1.4.0 -> 1.6.0\n"
                        "  ◉                               proxy: envoyproxy/envoy:v1.20 -> v1.21\n"
                        "    shop:deployment/zed  success  one line\n"
                        "  ◉                               z: z:1 -> 2\n"
                        "\n") +
                kHelp);
  EXPECT_EQ(menu.draw({}), menu.draw({24, 80}));
  menu.press(Key::down);
  menu.press(Key::toggle);
  EXPECT_THAT(menu.draw({}), HasSubstr("\n  ◉ shop:deployment/web"));
  EXPECT_THAT(menu.draw({}), HasSubstr("\n⇒ ◯                               proxy"));
}

TEST(MenuTest, MovesBetweenUpdatesAndTogglesTheOneUnderTheCursor) {
  struct Case {
    std::vector<Key> keys;
    std::vector<std::string> chosen;
  };
  const std::vector<Case> cases{
      {{}, {"web/web", "web/proxy", "zed/z"}},
      {{Key::toggle}, {"web/proxy", "zed/z"}},
      {{Key::toggle, Key::toggle}, {"web/web", "web/proxy", "zed/z"}},
      {{Key::down, Key::toggle}, {"web/web", "zed/z"}},
      {{Key::down, Key::down, Key::toggle}, {"web/web", "web/proxy"}},
      {{Key::down, Key::down, Key::down, Key::toggle}, {"web/proxy", "zed/z"}},
      {{Key::up, Key::toggle}, {"web/web", "web/proxy"}},
      {{Key::up, Key::up, Key::toggle, Key::submit, Key::abort}, {"web/web", "zed/z"}},
      {{Key::toggle, Key::down, Key::toggle, Key::down, Key::toggle}, {}},
  };
  for (const auto& row : cases) {
    Menu menu(plan());
    for (const auto key : row.keys) menu.press(key);
    EXPECT_EQ(names(menu.chosen()), row.chosen) << testing::PrintToString(row.keys.size());
  }
}

TEST(MenuTest, HasNoChoicesWithoutUpdates) {
  Menu menu({{id("a:b/c"), {WorkloadStatus::skipped, "locked", {}}}});
  EXPECT_FALSE(menu.has_choices());
  menu.press(Key::down);
  EXPECT_THAT(menu.chosen(), testing::IsEmpty());
  EXPECT_FALSE(Menu({}).has_choices());
  EXPECT_TRUE(Menu(plan()).has_choices());
}

TEST(MenuTest, ShowsThePartAroundTheCursorOfWhatIsTooLong) {
  UpdateResult many;
  for (char name = 'a'; name <= 'i'; ++name)
    many[id(std::string("n:d/") + name)] = {WorkloadStatus::success, "", {update("c", "x:1", "x:2")}};
  Menu menu(many);
  const auto shown = [&](TerminalSize size) {
    const auto text = menu.draw(size);
    EXPECT_LT(screen_rows(text, size.columns), size.rows) << "the line of the terminal's own cursor";
    return text;
  };
  // Of seven rows, three are left for the nine updates.
  EXPECT_EQ(shown({7, 80}), std::string("    WORKLOAD   STATUS   UPDATES\n"
                                        "⇒ ◉ n:d/a      success  c: x:1 -> 2\n"
                                        "  ◉ n:d/b      success  c: x:1 -> 2\n"
                                        "  ◉ n:d/c      success  c: x:1 -> 2\n"
                                        "    0 more above, 6 below\n") +
                                kHelp);
  for (int i = 0; i < 4; ++i) menu.press(Key::down);
  EXPECT_THAT(shown({7, 80}), HasSubstr("UPDATES\n  ◉ n:d/d "));
  EXPECT_THAT(shown({7, 80}), HasSubstr("\n⇒ ◉ n:d/e "));
  EXPECT_THAT(shown({7, 80}), HasSubstr("    3 more above, 3 below\n"));
  // Of 22 columns each line takes two rows, and the help four.
  EXPECT_THAT(shown({12, 22}), HasSubstr("    4 more above, 4 below\n"));
  for (int i = 0; i < 4; ++i) menu.press(Key::down);
  EXPECT_THAT(shown({7, 80}), HasSubstr("    6 more above, 0 below\n"));
  EXPECT_THAT(menu.draw({1, 80}), HasSubstr("⇒")) << "the cursor is shown in any case";
}

TEST(MenuTest, CountsTheRowsOfTheScreen) {
  EXPECT_EQ(screen_rows("", 10), 0U);
  EXPECT_EQ(screen_rows("\n", 10), 1U);
  EXPECT_EQ(screen_rows("0123456789\n", 10), 1U);
  EXPECT_EQ(screen_rows("0123456789x\n\n", 10), 3U);
  EXPECT_EQ(screen_rows("⇒⇒⇒⇒⇒⇒⇒⇒⇒⇒\n", 10), 1U);
  EXPECT_EQ(screen_rows("0123456789x\ny", 0), 2U);
}

}  // namespace menu_test
}  // namespace flux::cli
