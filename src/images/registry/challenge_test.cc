#include "images/registry/challenge.h"

#include <gmock/gmock.h>

namespace flux::images {
namespace challenge_test {

using ::testing::ElementsAre;

TEST(ChallengeTest, ReadsWhatRegistriesSend) {
  EXPECT_THAT(
      parse_challenges(
          {R"(Bearer realm="https://auth.example.org/token",service="registry",scope="repository:a/b:pull")"}),
      ElementsAre(Challenge{
          "bearer",
          {{"realm", "https://auth.example.org/token"}, {"service", "registry"}, {"scope", "repository:a/b:pull"}}}));
}

TEST(ChallengeTest, ReadsSeveralInOneHeaderAndInSeveral) {
  EXPECT_THAT(parse_challenges({"Negotiate", R"(BASIC realm="private")"}),
              ElementsAre(Challenge{"negotiate", {}}, Challenge{"basic", {{"realm", "private"}}}));
  EXPECT_THAT(parse_challenges({R"(Negotiate, Basic realm=private , Bearer Realm = "x, y", service="s")"}),
              ElementsAre(Challenge{"negotiate", {}}, Challenge{"basic", {{"realm", "private"}}},
                          Challenge{"bearer", {{"realm", "x, y"}, {"service", "s"}}}));
}

TEST(ChallengeTest, KeepsQuotesThatAreEscapedAndCommasThatAreQuoted) {
  EXPECT_THAT(parse_challenges({R"(Bearer realm="a\"b",scope="repository:a:pull,push")"}),
              ElementsAre(Challenge{"bearer", {{"realm", "a\"b"}, {"scope", "repository:a:pull,push"}}}));
}

TEST(ChallengeTest, MakesTheBestOfWhatIsMalformed) {
  EXPECT_THAT(parse_challenges({"", ",,", "=x", "\"", R"(Bearer realm="never ends)"}),
              ElementsAre(Challenge{"x", {}}, Challenge{"bearer", {{"realm", "never ends"}}}));
}

}  // namespace challenge_test
}  // namespace flux::images
