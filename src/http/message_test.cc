#include "http/message.h"

#include <gmock/gmock.h>

namespace flux::http {
namespace message_test {

using ::testing::ElementsAre;

TEST(Headers, AreFoundWithoutRegardToCase) {
  const Headers headers{{"Content-Type", "text/plain"}, {"set-cookie", "a"}, {"Set-Cookie", "b"}};
  EXPECT_EQ(headers.get("content-type"), "text/plain");
  EXPECT_EQ(headers.get("SET-COOKIE"), "a");
  EXPECT_THAT(headers.all("Set-Cookie"), ElementsAre("a", "b"));
}

TEST(Headers, SayWhenThereIsNone) {
  const Headers headers{{"Content-Type", ""}};
  EXPECT_EQ(headers.get("Content-Type"), "");
  EXPECT_EQ(headers.get("Content"), std::nullopt);
  EXPECT_THAT(headers.all("X"), ElementsAre());
}

TEST(HttpDate, IsReadInAllOfItsForms) {
  const auto when = std::chrono::system_clock::from_time_t(784111777);
  for (const auto* text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    EXPECT_EQ(parse_http_date(text), when) << text;
  for (const auto* text : {"", "soon", "Sun, 99 Nov 1994"}) EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
}

}  // namespace message_test
}  // namespace flux::http
