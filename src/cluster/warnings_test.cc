#include "cluster/warnings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flux::cluster {
namespace warnings_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Telling = ToldWarnings::Telling;

TEST(WarningsIn, ReadsEveryTextOfEveryHeader) {
  EXPECT_THAT(warnings_in({}), IsEmpty());
  EXPECT_THAT(warnings_in({{"Content-Type", "299 - \"no\""}}), IsEmpty());
  EXPECT_THAT(warnings_in({{"Warning", R"(299 - "v1 ComponentStatus is deprecated in v1.19+")"}}),
              ElementsAre("v1 ComponentStatus is deprecated in v1.19+"));
  EXPECT_THAT(warnings_in({{"warning", R"(299 - "a \"quoted\" \\ text", 299 agent "b, c" "Wed, 21 Oct 2015")"},
                           {"Warning", R"(299 - "d")"}}),
              ElementsAre(R"(a "quoted" \ text)", "b, c", "d"));
  EXPECT_THAT(warnings_in({{"Warning", R"(110 - "stale", 299 - "fresh")"}}), ElementsAre("fresh"));
}

TEST(WarningsIn, KeepsItsBounds) {
  EXPECT_THAT(warnings_in({{"Warning", "299"}, {"Warning", "299 - \"open"}, {"Warning", "299 - \"\""}}),
              ElementsAre("open"));
  EXPECT_THAT(warnings_in({{"Warning", "299 - \"a\nb\""}}), ElementsAre("a b"));
  EXPECT_THAT(warnings_in({{"Warning", "299 - \"" + std::string(9000, 'x') + "\""}}), ElementsAre(SizeIs(500)));
  http::Headers many;
  for (int i = 0; i < 100; ++i) many.add("Warning", "299 - \"a\"");
  EXPECT_THAT(warnings_in(many), SizeIs(20));
}

TEST(ToldWarnings, TellsEachOnceForAKindAndNeverMoreThanItsBound) {
  ToldWarnings told(3);
  EXPECT_EQ(told.tell("Service", "a"), Telling::now);
  EXPECT_EQ(told.tell("Service", "a"), Telling::not_again);
  EXPECT_EQ(told.tell("Pod", "a"), Telling::now);
  EXPECT_EQ(told.tell("Service", "b"), Telling::now_as_last);
  EXPECT_EQ(told.tell("Service", "c"), Telling::not_again);
}

}  // namespace warnings_test
}  // namespace flux::cluster
