#include "http/response_head.h"

#include <gmock/gmock.h>

namespace flux::http {
namespace response_head_test {

const Headers kDated{{"Date", "then"}};

TEST(ResponseHead, FramesTheBody) {
  EXPECT_EQ(response_head(200, kDated, {true, false, false, 5}),
            "HTTP/1.1 200 OK\r\nDate: then\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(response_head(200, kDated, {true, false, true, std::nullopt}),
            "HTTP/1.1 200 OK\r\nDate: then\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(response_head(404, kDated, {false, true, false, 0}),
            "HTTP/1.1 404 Not Found\r\nDate: then\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(response_head(299, kDated, {true, true, false, std::nullopt}),
            "HTTP/1.1 299 Unknown\r\nDate: then\r\nConnection: keep-alive\r\n\r\n");
}

TEST(ResponseHead, CannotBeSplitByAValue) {
  const auto head = response_head(200, {{"Date", "x"}, {"X-Echo", "a\r\nSet-Cookie: evil\n"}}, {});
  EXPECT_THAT(head, ::testing::Not(::testing::HasSubstr("\nSet-Cookie")));
}

TEST(ResponseHead, IsDated) {
  EXPECT_THAT(response_head(200, {}, {}), ::testing::ContainsRegex("Date: [A-Z][a-z]+, [0-9]+ .* GMT\r\n"));
}

TEST(Chunk, IsItsLengthInHexAndItsBytes) {
  EXPECT_EQ(chunk(std::string(26, 'x')), "1a\r\n" + std::string(26, 'x') + "\r\n");
}

TEST(MayHaveBody, NotEveryStatus) {
  EXPECT_TRUE(may_have_body(200));
  EXPECT_TRUE(may_have_body(404));
  EXPECT_FALSE(may_have_body(204));
  EXPECT_FALSE(may_have_body(304));
}

}  // namespace response_head_test
}  // namespace flux::http
