#include <gmock/gmock.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <future>
#include <stdexcept>

#include "base/test_bounded.h"
#include "base/test_log.h"
#include "base/test_threads.h"
#include "http/client.h"
#include "http/testing/blocking_stream.h"
#include "http/testing/client_and_server.h"
#include "http/testing/peer.h"

namespace flux::http {
namespace client_failure_test {

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

// The limit itself cannot be lowered for these: a sanitizer needs descriptors when it looks at a class.
std::atomic<bool> wakers_fail = false;
std::atomic<bool> sockets_fail = false;

int no_descriptor() {
  errno = EMFILE;
  return -1;
}

/// In place of the C library's, for all of this program: with what curl may make a pair to wake itself, and sockets.
extern "C" int socketpair(int domain, int type, int protocol, int* pair) noexcept {
  return wakers_fail ? no_descriptor() : static_cast<int>(::syscall(SYS_socketpair, domain, type, protocol, pair));
}
extern "C" int eventfd(unsigned int count, int flags) noexcept {
  return wakers_fail ? no_descriptor() : static_cast<int>(::syscall(SYS_eventfd2, count, flags));
}
extern "C" int socket(int domain, int type, int protocol) noexcept {
  return sockets_fail ? no_descriptor() : static_cast<int>(::syscall(SYS_socket, domain, type, protocol));
}

/// Answers `/wait` never, everything else at once, for as long as the client asks.
void answer_or_wait(Wire& wire) {
  while (true) {
    const auto request = wire.read_until("\r\n\r\n");
    if (request.starts_with("GET /wait ")) return static_cast<void>(wire.read_some());
    if (!request.ends_with("\r\n\r\n")) return;
    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  }
}

TEST(ClientFailure, AnswersEverythingInFlightAndBeginsAnew) {
  const KeptLog kept;
  Peer peer(answer_or_wait);
  const auto client = make_client({.log = kept.log()});
  std::promise<Result<ClientResponse>> waiting;
  std::promise<Result<ClientResponse>> streaming;
  client->start(bounded(), get(peer.url("/wait")), [&](auto answer) { waiting.set_value(std::move(answer)); });
  client->start_stream(
      {}, get(peer.url("/wait")), [](std::string_view) { return true; }, seconds(60),
      [&](auto answer) { streaming.set_value(std::move(answer)); });
  client->start(bounded(), get(peer.url("/")), [](const auto&) { throw std::runtime_error("broken"); });
  for (auto* lost : {&waiting, &streaming}) {
    const auto answer = lost->get_future().get();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::server);
    EXPECT_EQ(answer.error().message, "GET " + peer.url("/wait") + ": the HTTP client failed: broken");
  }
  EXPECT_TRUE(kept.wait_for("err=\"driving HTTP requests: broken\""));
  EXPECT_TRUE(client->send(bounded(), get(peer.url("/"))));
}

TEST(ClientFailure, ClosingItRightAfterwardsStillAnswersAll) {
  constexpr int kCount = 40;
  Peer peer(answer_or_wait);
  std::atomic<int> answered = 0;
  auto client = make_client();
  for (int i = 0; i < kCount; ++i)
    client->start(bounded(), get(peer.url("/")), [&](const auto&) {
      ++answered;
      throw std::runtime_error("broken");
    });
  client.reset();
  EXPECT_EQ(answered, kCount);
}

TEST(ClientFailure, AConsumerThatThrowsBreaksItsOwnStreamOnly) {
  const auto server = serve([](const Context&, const ServerRequest& request) {
    if (request.path == "/") return ServerResponse{200, {}, "beside", {}};
    return ServerResponse{200, {}, "", tick};
  });
  const auto client = make_client();
  const auto answer = stream(
      *client, {}, get(url_of(*server, "/watch")), [](std::string_view) -> bool { throw std::runtime_error("broken"); },
      seconds(30));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("what was to take the answer failed: broken"));
  EXPECT_TRUE(client->send(bounded(), get(url_of(*server))));
}

TEST(ClientFailure, WithoutAThreadThereIsNoClient) {
  const NoMoreThreads none;
  const auto client = Client::make({});
  ASSERT_FALSE(client);
  EXPECT_THAT(client.error().message, HasSubstr("driving HTTP requests: no thread can be started"));
}

TEST(ClientFailure, WithoutDescriptorsToWakeItWithThereIsNoClient) {
  wakers_fail = true;
  const auto client = Client::make({});
  wakers_fail = false;
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().message, "starting an HTTP client: no memory or file descriptors left");
}

TEST(ClientFailure, ARequestWithoutADescriptorFailsAtOnceAndTheNextOneWorks) {
  const auto server = serve([](const auto&, const auto&) { return ServerResponse{}; });
  const auto client = make_client();
  sockets_fail = true;
  const auto answer = client->send(bounded(), get(url_of(*server)));
  sockets_fail = false;
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::server) << answer.error().message;
  EXPECT_TRUE(client->send(bounded(), get(url_of(*server))));
}

}  // namespace client_failure_test
}  // namespace flux::http
