#include "cluster/transport.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>

#include "base/test_threads.h"
#include "http/server.h"

namespace flux::cluster {
namespace transport_test {

/// A transport with many streams open, to a server that has sent an event on each and then stays silent.
class HttpTransportTest : public ::testing::Test {
 protected:
  static constexpr int kStreams = 60;
  static constexpr int kHandlers = 4;  // of the server

  static http::ServerResponse send_one_event(const Context&, const http::ServerRequest&) {
    return {200, {}, "", [](const Context& ctx, http::StreamWriter& out) {
              out.write("event");
              while (ctx.sleep(std::chrono::minutes(1)));
            }};
  }

  void open_all(const Context& ctx) {
    for (int i = 0; i < kStreams; ++i)
      transport_->start_stream(
          ctx, {.url = fmt::format("http://127.0.0.1:{}/watch", server_->port())},
          [this](std::string_view) { return heard_.count_down(), true; }, std::chrono::minutes(1),
          [this](const Result<http::ClientResponse>& end) {
            cancelled_ += !end && end.error().kind == ErrorKind::cancelled;
            ended_.count_down();
          });
    heard_.wait();
  }

  std::latch heard_{kStreams};
  std::latch ended_{kStreams};
  std::atomic<int> cancelled_ = 0;
  const std::unique_ptr<http::Server> server_ = http::Server::listen("127.0.0.1:0", {}, send_one_event, {}).value();
  std::shared_ptr<Transport> transport_ = connect_http({}).value();
};

TEST_F(HttpTransportTest, ManyStreamsNeedNoThreads) {
  const auto before = threads_of_this_process();
  open_all({});
  // The server has one for each stream.
  EXPECT_LE(threads_of_this_process(), before + kStreams + kHandlers);
}

TEST_F(HttpTransportTest, StreamsEndWithTheirContext) {
  std::stop_source stop;
  open_all(Context(stop.get_token()));
  stop.request_stop();
  ended_.wait();
  EXPECT_EQ(cancelled_, kStreams);
}

TEST_F(HttpTransportTest, StreamsEndWithTheTransport) {
  open_all({});
  transport_.reset();
  EXPECT_EQ(cancelled_, kStreams);
}

}  // namespace transport_test
}  // namespace flux::cluster
