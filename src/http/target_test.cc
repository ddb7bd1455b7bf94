#include "http/target.h"

#include <gmock/gmock.h>

namespace flux::http {
namespace target_test {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(ParseTarget, DecodesThePathButNotItsPluses) {
  EXPECT_EQ(parse_target("/a%20b/%e2%82%AC+c")->path, "/a b/\xE2\x82\xAC+c");
  EXPECT_EQ(parse_target("/a%2Fb")->path, "/a/b");
  EXPECT_EQ(parse_target("*")->path, "*");
}

TEST(ParseTarget, KeepsTheOrderOfTheQuery) {
  EXPECT_THAT(parse_target("/x?b=1&a=%3D2&b=+3&&flag&=v")->query,
              ElementsAre(Pair("b", "1"), Pair("a", "=2"), Pair("b", " 3"), Pair("flag", ""), Pair("", "v")));
  EXPECT_THAT(parse_target("/x?a=100%&b=%zz")->query, ElementsAre(Pair("a", "100%"), Pair("b", "%zz")));
}

TEST(ParseTarget, TakesTheFormForProxies) {
  EXPECT_EQ(parse_target("http://host:80/path?q=1")->path, "/path");
  EXPECT_EQ(parse_target("http://host")->path, "/");
  EXPECT_THAT(parse_target("https://host?q=1")->query, ElementsAre(Pair("q", "1")));
}

TEST(ParseTarget, RefusesTheRest) {
  for (const auto* text : {"", "path", "host:443", "/%", "/%4", "/%zz", "?x"}) EXPECT_FALSE(parse_target(text)) << text;
}

}  // namespace target_test
}  // namespace flux::http
