#include "sandbox/selector.h"

#include <gtest/gtest.h>

namespace flux::sandbox {
namespace selector_test {

const Json object = {{"metadata", {{"name", "n"}, {"labels", {{"app", "web"}, {"x/y", ""}, {"tier", "a"}}}}},
                     {"status", {{"phase", "Running"}}}};

TEST(Selector, PicksByLabels) {
  const std::pair<const char*, bool> table[] = {
      {"", true},
      {"app=web", true},
      {"app==web", true},
      {"app=db", false},
      {"app!=db", true},
      {"app!=web", false},
      {"none!=x", true},
      {"app", true},
      {"!app", false},
      {"!none", true},
      {"app in (web, db)", true},
      {"app in (db)", false},
      {"app notin (db)", true},
      {"none notin (db)", true},
      {"x/y=", true},
      {"app=web,tier=a", true},
      {"app=web,tier=b", false},
      {"app in (web),!none", true},
      {"inapp", false},
  };
  for (const auto& [text, wanted] : table) {
    const auto selector = Selector::parse(text, "");
    ASSERT_TRUE(selector) << text;
    EXPECT_EQ(selector->matches(object), wanted) << text;
  }
}

TEST(Selector, PicksByFields) {
  const std::pair<const char*, bool> table[] = {{"metadata.name=n", true},
                                                {"metadata.name=m", false},
                                                {"status.phase!=Failed", true},
                                                {"metadata.name==n,status.phase=Running", true},
                                                {"spec.none=", true}};
  for (const auto& [text, wanted] : table) EXPECT_EQ(Selector::parse("", text).value().matches(object), wanted) << text;
}

TEST(Selector, RefusesWhatItCannotRead) {
  for (const auto* text : {"app in web", "=x", "app web", "app in (a", "(a)"}) {
    const auto selector = Selector::parse(text, "");
    ASSERT_FALSE(selector) << text;
    EXPECT_EQ(selector.error().code, 400);
  }
  EXPECT_FALSE(Selector::parse("", "metadata.name"));
}

TEST(LabelSelector, MatchesLabelsAndExpressions) {
  const Json labels = {{"a", "b"}};
  EXPECT_TRUE(selects({{"matchLabels", {{"a", "b"}}}}, labels));
  EXPECT_FALSE(selects({{"matchLabels", {{"a", "c"}}}}, labels));
  EXPECT_TRUE(selects({{"matchExpressions", {{{"key", "a"}, {"operator", "In"}, {"values", {"b"}}}}}}, labels));
  EXPECT_FALSE(selects({{"matchExpressions", {{{"key", "a"}, {"operator", "DoesNotExist"}}}}}, labels));
}

}  // namespace selector_test
}  // namespace flux::sandbox
