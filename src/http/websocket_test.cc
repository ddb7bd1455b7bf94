#include "http/websocket.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <future>

#include "base/test_bounded.h"
#include "http/testing/websocket_peer.h"

namespace flux::http {
namespace websocket_test {

using testing::accept_websocket;
using testing::Authority;
using ::testing::HasSubstr;
using testing::Peer;
using testing::PeerTls;
using testing::ServerSocket;
using testing::Wire;

Bounded patient() { return Context().with_timeout(std::chrono::seconds(30)); }

void echo(ServerSocket& socket, const std::string&) {
  while (const auto message = socket.read()) socket.write(*message);
}

WebSocketRequest request_to(const std::string& url, std::vector<std::string> protocols = {}) {
  WebSocketRequest request;
  request.url = url;
  request.protocols = std::move(protocols);
  return request;
}

TEST(WebSocket, carries_messages_of_any_size_both_ways) {
  Peer peer(accept_websocket("", echo));
  auto socket = WebSocket::open(patient(), request_to(peer.url("/")), {});
  ASSERT_TRUE(socket) << socket.error().message;
  for (const std::size_t size : {0, 1, 125, 126, 65535, 65536, 3'000'000}) {
    const auto message = std::string(size, static_cast<char>('a' + size % 26));
    // Both ends write at once here, and neither may wait for the other for ever.
    std::jthread sender([&] { EXPECT_TRUE((*socket)->send(patient(), message)); });
    const auto back = (*socket)->receive(patient());
    ASSERT_TRUE(back && *back);
    EXPECT_EQ(**back == message, true) << size;
  }
}

TEST(WebSocket, joins_the_parts_of_a_message_and_answers_pings_between_them) {
  std::promise<int> pongs;
  Peer peer(accept_websocket("", [&](ServerSocket& socket, const std::string&) {
    socket.ping("are you there");
    socket.write_in_parts("a message in parts", 5);
    socket.read();
    pongs.set_value(socket.pongs());
  }));
  auto socket = WebSocket::open(patient(), request_to(peer.url("/")), {});
  ASSERT_TRUE(socket);
  const auto message = (*socket)->receive(patient());
  ASSERT_TRUE(message && *message);
  EXPECT_EQ(**message, "a message in parts");
  ASSERT_TRUE((*socket)->send(patient(), "thanks"));
  EXPECT_EQ(pongs.get_future().get(), 1);
}

TEST(WebSocket, sends_what_it_was_given_and_takes_the_protocol_that_the_server_chose) {
  std::promise<std::string> head;
  Peer peer(accept_websocket("two", [&](ServerSocket&, const std::string& request) { head.set_value(request); }));
  auto request = request_to(peer.url("/path?q=1"), {"one", "two"});
  request.headers = {{"X-Mine", "yes"}};
  request.authorization = Secret("Bearer t0ken");
  auto socket = WebSocket::open(patient(), request, {.user_agent = "fluxctl"});
  ASSERT_TRUE(socket) << socket.error().message;
  EXPECT_EQ((*socket)->protocol(), "two");
  const auto sent = head.get_future().get();
  for (const std::string& line :
       {std::string("GET /path?q=1 HTTP/1.1\r\n"), fmt::format("\r\nHost: 127.0.0.1:{}\r\n", peer.port()),
        std::string("\r\nX-Mine: yes\r\n"), std::string("\r\nAuthorization: Bearer t0ken\r\n"),
        std::string("\r\nSec-WebSocket-Protocol: one, two\r\n"), std::string("\r\nUser-Agent: fluxctl\r\n")})
    EXPECT_THAT(sent, HasSubstr(line));
}

TEST(WebSocket, a_server_that_speaks_none_of_the_protocols_is_refused) {
  for (const std::string chosen : {"", "three"}) {
    Peer peer(accept_websocket(chosen, echo));
    const auto socket = WebSocket::open(patient(), request_to(peer.url("/"), {"one", "two"}), {});
    ASSERT_FALSE(socket);
    EXPECT_THAT(socket.error().message, HasSubstr("one, two"));
  }
}

TEST(WebSocket, an_answer_that_is_not_meant_for_us_is_refused) {
  Peer peer([](Wire& wire) {
    wire.read_until("\r\n\r\n");
    wire.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n");
  });
  const auto socket = WebSocket::open(patient(), request_to(peer.url("/")), {});
  ASSERT_FALSE(socket);
  EXPECT_THAT(socket.error().message, HasSubstr("not meant for us"));
}

TEST(WebSocket, the_end_is_told_from_a_failure) {
  const struct {
    unsigned status;
    bool failure;
  } rows[] = {{1000, false}, {1001, false}, {1011, true}, {1002, true}};
  for (const auto& row : rows) {
    Peer peer(accept_websocket("", [&](ServerSocket& socket, const std::string&) {
      socket.write("last");
      socket.close(row.status, "because");
    }));
    auto socket = WebSocket::open(patient(), request_to(peer.url("/")), {});
    ASSERT_TRUE(socket);
    ASSERT_TRUE((*socket)->receive(patient()));
    const auto end = (*socket)->receive(patient());
    EXPECT_EQ(!end, row.failure) << row.status;
    if (end) {
      EXPECT_FALSE(*end);
    } else {
      EXPECT_THAT(end.error().message, HasSubstr("because"));
    }
    EXPECT_FALSE((*socket)->send(patient(), "too late"));
  }
}

TEST(WebSocket, a_connection_that_ends_in_the_middle_of_a_message_is_a_failure) {
  Peer peer([](Wire& wire) {
    const auto head = wire.read_until("\r\n\r\n");
    const auto at = head.find("Sec-WebSocket-Key: ") + 19;
    wire.write(fmt::format("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: {}\r\n\r\n",
                           accept_for_key(head.substr(at, head.find("\r\n", at) - at))));
    wire.write("\x82\x05half");
  });
  auto socket = WebSocket::open(patient(), request_to(peer.url("/")), {});
  ASSERT_TRUE(socket) << socket.error().message;
  const auto end = (*socket)->receive(patient());
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().kind, ErrorKind::server);
}

TEST(WebSocket, says_goodbye) {
  std::promise<unsigned> status;
  Peer peer(accept_websocket("", [&](ServerSocket& socket, const std::string&) {
    socket.read();
    status.set_value(socket.close_status());
  }));
  {
    ASSERT_TRUE(WebSocket::open(patient(), request_to(peer.url("/")), {}));
  }
  EXPECT_EQ(status.get_future().get(), 1000U);
}

TEST(WebSocket, waiting_ends_with_the_context) {
  Peer peer(accept_websocket("", echo));
  auto socket = WebSocket::open(patient(), request_to(peer.url("/")), {});
  ASSERT_TRUE(socket);
  const auto late = (*socket)->receive(Context().with_timeout(std::chrono::milliseconds(5)));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::cancelled);
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  const auto stopped = (*socket)->receive(bounded(stop.get_token()));
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::cancelled);
  ASSERT_TRUE((*socket)->send(patient(), "still alive"));
  EXPECT_EQ(**(*socket)->receive(patient()), "still alive");
}

TEST(WebSocket, sending_to_somebody_who_does_not_read_ends_with_the_context) {
  std::promise<void> done;
  Peer peer(accept_websocket("", [&](ServerSocket&, const std::string&) { done.get_future().wait(); }));
  auto socket = WebSocket::open(patient(), request_to(peer.url("/")), {});
  ASSERT_TRUE(socket);
  const auto sent = (*socket)->send(Context().with_timeout(std::chrono::milliseconds(50)), std::string(64 << 20, 'x'));
  done.set_value();
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::cancelled);
}

TEST(WebSocket, goes_over_tls_with_a_client_certificate) {
  const Authority authority;
  const Authority clients;
  const auto ours = clients.issue("fluxctl", "DNS:fluxctl.test");
  Peer peer(accept_websocket("", echo), PeerTls{authority.issue("server", "DNS:kube.test"), clients.pem(), {}});
  const ClientOptions options{.tls = {.ca_pem = authority.pem(),
                                      .client_cert_pem = ours.cert_pem,
                                      .client_key_pem = Secret(ours.key_pem),
                                      .server_name = "kube.test"}};
  auto socket = WebSocket::open(patient(), request_to(peer.url("/")), options);
  ASSERT_TRUE(socket) << socket.error().message;
  for (const std::size_t size : {5, 300'000}) {
    const auto message = std::string(size, 'm');
    std::jthread sender([&] { EXPECT_TRUE((*socket)->send(patient(), message)); });
    const auto back = (*socket)->receive(patient());
    ASSERT_TRUE(back && *back);
    EXPECT_EQ(**back == message, true);
  }
}

}  // namespace websocket_test
}  // namespace flux::http
