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

}  // namespace message_test
}  // namespace flux::http
