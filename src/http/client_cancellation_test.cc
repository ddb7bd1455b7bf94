#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <latch>

#include "base/test_bounded.h"
#include "http/client.h"
#include "http/testing/client_and_server.h"
#include "http/testing/peer.h"

namespace flux::http {
namespace client_cancellation_test {

using std::chrono::milliseconds;
using testing::make_client;
using testing::Peer;
using testing::Wire;

ClientRequest get(const std::string& url) { return {.url = url}; }

/// Reads a request and never answers.
void silence(Wire& wire) {
  wire.read_until("\r\n\r\n");
  wire.read_some();
}

TEST(ClientCancellation, AStopEndsTheCallAtOnce) {
  std::latch asked(1);
  Peer peer([&](Wire& wire) {
    wire.read_until("\r\n\r\n");
    asked.count_down();
    wire.read_some();
  });
  const auto client = make_client();
  std::stop_source stop;
  auto answer = std::async(std::launch::async, [&] {
    auto result = client->send(bounded(stop.get_token()), get(peer.url("/")));
    return std::pair(Clock::now(), result);
  });
  asked.wait();
  const auto stopped = Clock::now();
  stop.request_stop();
  const auto [ended, result] = answer.get();
  EXPECT_LT(ended - stopped, milliseconds(100));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
  EXPECT_THAT(result.error().message, ::testing::EndsWith("context canceled"));
}

TEST(ClientCancellation, ADeadlineEndsTheCallInTime) {
  Peer peer(silence);
  const auto client = make_client();
  const auto begin = Clock::now();
  const auto result = client->send(Context().with_timeout(milliseconds(80)), get(peer.url("/")));
  const auto took = Clock::now() - begin;
  EXPECT_GE(took, milliseconds(80));
  EXPECT_LT(took, milliseconds(400));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
  EXPECT_THAT(result.error().message, ::testing::EndsWith("context deadline exceeded"));
}

TEST(ClientCancellation, RequestsThatWaitTheirTurnAreEndedToo) {
  Peer peer(silence);
  const auto client = make_client();
  std::stop_source stop;
  std::latch all(40);
  std::atomic<int> cancelled = 0;
  const Bounded contexts[] = {bounded(stop.get_token()), Context().with_timeout(milliseconds(50))};
  for (int i = 0; i < 40; ++i)
    client->start(contexts[i % 2], get(peer.url("/")), [&](const Result<ClientResponse>& answer) {
      cancelled += !answer && answer.error().kind == ErrorKind::cancelled;
      all.count_down();
    });
  stop.request_stop();
  all.wait();
  EXPECT_EQ(cancelled, 40);
}

TEST(ClientCancellation, AContextThatHasEndedSendsNothing) {
  Peer peer(silence);
  const auto client = make_client();
  std::stop_source stop;
  stop.request_stop();
  const auto answer = client->send(bounded(stop.get_token()), get(peer.url("/")));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(peer.connections(), 0);
}

TEST(ClientCancellation, ClosingTheClientEndsWhatIsInFlight) {
  std::latch asked(8);
  Peer peer([&](Wire& wire) {
    wire.read_until("\r\n\r\n");
    asked.count_down();
    wire.read_some();
  });
  auto client = make_client();
  std::atomic<int> cancelled = 0;
  for (int i = 0; i < 100; ++i)
    client->start(bounded(), get(peer.url("/")), [&](const Result<ClientResponse>& answer) {
      cancelled += !answer && answer.error().kind == ErrorKind::cancelled;
    });
  asked.wait();
  client.reset();
  EXPECT_EQ(cancelled, 100);
}

}  // namespace client_cancellation_test
}  // namespace flux::http
