#include <gmock/gmock.h>

#include <future>
#include <latch>

#include "base/test_bounded.h"
#include "http/client.h"
#include "http/testing/blocking_stream.h"
#include "http/testing/client_and_server.h"
#include "http/testing/peer.h"

namespace flux::http {
namespace client_stream_test {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using testing::make_client;
using testing::Peer;
using testing::serve;
using testing::stream;
using testing::tick;
using testing::url_of;
using testing::Wire;

ClientRequest get(const std::string& url) { return {.url = url}; }

TEST(ClientStream, GivesBytesAsTheyComeAndEndsWithTheServer) {
  std::promise<void> heard;
  const auto server = serve([&](const auto&, const auto&) {
    return ServerResponse{200, {{"X-Kind", "watch"}}, "", [&](const Context&, StreamWriter& out) {
                            out.write("one ");
                            heard.get_future().wait();
                            out.write("two");
                          }};
  });
  std::string all;
  const auto answer = stream(
      *make_client(), {}, get(url_of(*server)),
      [&](std::string_view bytes) {
        if (all.empty()) heard.set_value();
        all += bytes;
        return true;
      },
      seconds(30));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(all, "one two");
  EXPECT_EQ(answer->headers.get("X-Kind"), "watch");
  EXPECT_EQ(answer->body, "");
}

TEST(ClientStream, ARefusalComesWhole) {
  const auto server = serve([](const auto&, const auto&) { return ServerResponse{410, {}, "too old", {}}; });
  const auto answer = stream(
      *make_client(), {}, get(url_of(*server)),
      [](std::string_view) {
        ADD_FAILURE() << "streamed";
        return true;
      },
      seconds(30));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 410);
  EXPECT_EQ(answer->body, "too old");
}

TEST(ClientStream, TheConsumerMayEndIt) {
  const auto server = serve([](const auto&, const auto&) { return ServerResponse{200, {}, "", tick}; });
  int count = 0;
  const auto answer =
      stream(*make_client(), {}, get(url_of(*server)), [&](std::string_view) { return ++count < 3; }, seconds(30));
  EXPECT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(count, 3);
}

TEST(ClientStream, SilenceEndsItButTrafficDoesNot) {
  const auto server = serve([](const auto&, const auto&) {
    return ServerResponse{200, {}, "", [](const Context& ctx, StreamWriter& out) {
                            for (int i = 0; i < 20; ++i) out.write("tick"), ctx.sleep(milliseconds(20));
                            ctx.sleep(seconds(60));
                          }};
  });
  std::string all;
  const auto begin = Clock::now();
  const auto answer = stream(
      *make_client(), {}, get(url_of(*server)), [&](std::string_view bytes) { return all += bytes, true; },
      milliseconds(200));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::server);
  EXPECT_THAT(answer.error().message, HasSubstr("nothing received for 200ms"));
  EXPECT_EQ(all.size(), 20 * 4);
  EXPECT_LT(Clock::now() - begin, seconds(5));
}

TEST(ClientStream, ABreakIsAnError) {
  Peer peer([](Wire& wire) {
    wire.read_until("\r\n\r\n");
    wire.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ntick\r\n");
  });
  const auto answer =
      stream(*make_client(), {}, get(peer.url("/")), [](std::string_view) { return true; }, seconds(30));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::server);
}

TEST(ClientStream, AStopEndsItAtOnceAndTheServerNotices) {
  std::promise<void> server_noticed;
  const auto server = serve([&](const auto&, const auto&) {
    return ServerResponse{200, {}, "", [&](const Context& ctx, StreamWriter& out) {
                            out.write("hello");
                            ctx.sleep(seconds(60));
                            server_noticed.set_value();
                          }};
  });
  std::stop_source stop;
  std::promise<void> heard;
  const auto client = make_client();
  auto answer = std::async(std::launch::async, [&] {
    return stream(
        *client, bounded(stop.get_token()), get(url_of(*server)),
        [&](std::string_view) { return heard.set_value(), true; }, seconds(60));
  });
  heard.get_future().wait();
  const auto stopped = Clock::now();
  stop.request_stop();
  const auto result = answer.get();
  EXPECT_LT(Clock::now() - stopped, milliseconds(100));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
  server_noticed.get_future().wait();
}

TEST(ClientStream, ManyLeaveRoomForRequests) {
  constexpr int kStreams = 100;
  std::latch heard(kStreams);
  const auto server = serve([](const Context&, const ServerRequest& request) {
    if (request.path == "/") return ServerResponse{200, {}, "beside", {}};
    return ServerResponse{200, {}, "", [](const Context& ctx, StreamWriter& out) {
                            out.write("event");
                            ctx.sleep(seconds(60));
                          }};
  });
  const auto client = make_client();
  std::stop_source stop;
  for (int i = 0; i < kStreams; ++i)
    client->start_stream(
        Context(stop.get_token()), get(url_of(*server, "/watch")),
        [&](std::string_view) { return heard.count_down(), true; }, seconds(60), [](const auto&) {});
  heard.wait();
  const auto answer = client->send(Context().with_timeout(seconds(5)), get(url_of(*server)));
  EXPECT_TRUE(answer) << answer.error().message;
  stop.request_stop();
}

}  // namespace client_stream_test
}  // namespace flux::http
