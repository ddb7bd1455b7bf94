#include "http/request_reader.h"

#include <gmock/gmock.h>

namespace flux::http {
namespace request_reader_test {

using State = RequestReader::State;

/// Feeds as a connection does: in pieces of `step` bytes, unused ones again. Returns what is left over.
std::string feed(RequestReader& reader, const std::string& text, std::size_t step) {
  std::string in;
  std::size_t given = 0;
  while (reader.state() == State::header || reader.state() == State::body) {
    const auto used = reader.feed(in);
    in.erase(0, used);
    if (used > 0) continue;
    if (given >= text.size()) break;
    in += text.substr(given, step);
    given += step;
  }
  return in + (given < text.size() ? text.substr(given) : "");
}

TEST(RequestReader, ReadsTheSameWhateverThePieces) {
  const std::string text =
      "POST /a%20b?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nX-Two: a\r\nx-two: b\r\n\r\nhelloGET /next";
  for (const std::size_t step : {1, 2, 7, 60, 1000}) {
    RequestReader reader({});
    EXPECT_EQ(feed(reader, text, step), "GET /next");
    ASSERT_EQ(reader.state(), State::done) << reader.refusal().reason;
    EXPECT_TRUE(reader.keep_alive());
    const auto request = reader.take();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/a%20b?x=1");
    EXPECT_EQ(request.path, "/a b");
    EXPECT_EQ(request.query_value("x"), "1");
    EXPECT_EQ(request.query_value("y"), std::nullopt);
    EXPECT_THAT(request.headers.all("X-Two"), ::testing::ElementsAre("a", "b"));
    EXPECT_EQ(request.body, "hello");
  }
}

TEST(RequestReader, ReadsChunkedBodies) {
  for (const std::size_t step : {1, 1000}) {
    RequestReader reader({});
    const auto rest = feed(reader,
                           "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                           "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\n\r\nX",
                           step);
    ASSERT_EQ(reader.state(), State::done) << reader.refusal().reason;
    EXPECT_EQ(reader.take().body, "abcde");
    EXPECT_EQ(rest, "X");
  }
}

TEST(RequestReader, StopsAtTheEndOfTheHeader) {
  RequestReader reader({});
  reader.feed("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx");
  EXPECT_EQ(reader.state(), State::body);
  EXPECT_TRUE(reader.expects_continue());
}

TEST(RequestReader, KnowsWhoClosesTheConnection) {
  const std::pair<const char*, bool> cases[] = {
      {"GET / HTTP/1.1\r\nHost: h\r\n\r\n", true},
      {"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", false},
      {"GET / HTTP/1.0\r\n\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
  };
  for (const auto& [text, keep] : cases) {
    RequestReader reader({});
    feed(reader, text, 1000);
    ASSERT_EQ(reader.state(), State::done) << text;
    EXPECT_EQ(reader.keep_alive(), keep) << text;
  }
}

TEST(RequestReader, RefusesWhatIsNotARequest) {
  const ServerLimits limits{.header_bytes = 200, .body_bytes = 10};
  const std::pair<std::string, int> cases[] = {
      {"\x16\x03\x01\x02\x01 hello TLS\r\n\r\n", 400},
      {"GET\r\n\r\n", 400},
      {"GET / HTTP/9.9\r\nHost: h\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"CONNECT other:443 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: h\r\nBad Name: x\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n", 413},
      {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(200, 'x') + "\r\n\r\n", 431},
  };
  for (const auto& [text, status] : cases) {
    for (const std::size_t step : {1, 1000}) {
      RequestReader reader(limits);
      feed(reader, text, step);
      EXPECT_EQ(reader.state(), State::failed) << text;
      EXPECT_EQ(reader.refusal().status, status) << text << reader.refusal().reason;
    }
  }
}

}  // namespace request_reader_test
}  // namespace flux::http
