#include "http/upgrade.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <future>

#include "base/test_bounded.h"
#include "http/testing/peer.h"

namespace flux::http {
namespace upgrade_test {

using testing::Authority;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Peer;
using testing::PeerTls;
using testing::Wire;

Bounded patient() { return Context().with_timeout(std::chrono::seconds(30)); }

UpgradeRequest to(const std::string& url) {
  UpgradeRequest request;
  request.url = url;
  request.headers = {{"Upgrade", "shouting"}};
  return request;
}

TEST(Upgrade, gives_the_connection_and_what_came_right_behind_the_answer) {
  Peer peer([](Wire& wire) {
    wire.read_until("\r\n\r\n");
    wire.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nX-Chosen: loud\r\n\r\nFIRST");
    wire.write(wire.read(5));
  });
  auto upgraded = upgrade(patient(), to(peer.url("/")), {});
  ASSERT_TRUE(upgraded) << upgraded.error().message;
  EXPECT_EQ(upgraded->headers.get("x-chosen"), "loud");
  std::string got;
  ASSERT_TRUE(upgraded->stream->write(patient(), "HELLO"));
  while (got.size() < 10) ASSERT_TRUE(*upgraded->stream->read(patient(), got));
  EXPECT_EQ(got, "FIRSTHELLO");
  EXPECT_FALSE(*upgraded->stream->read(patient(), got));
}

TEST(Upgrade, an_answer_of_another_kind_comes_with_status_and_body) {
  const struct {
    std::string answer;
    int status;
    std::string body;
  } rows[] = {
      {"HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nnope", 403, "nope"},
      {"HTTP/1.1 404 Not Found\r\n\r\nuntil the end", 404, "until the end"},
      {"HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 500, "abcde"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, ""},
  };
  for (const auto& row : rows) {
    Peer peer([&](Wire& wire) {
      wire.read_until("\r\n\r\n");
      wire.write(row.answer);
    });
    const auto upgraded = upgrade(patient(), to(peer.url("/where?secret=1")), {});
    ASSERT_FALSE(upgraded);
    EXPECT_EQ(upgraded.error().status, row.status);
    EXPECT_EQ(upgraded.error().body, row.body);
    EXPECT_THAT(upgraded.error().message, HasSubstr("/where"));
    EXPECT_THAT(upgraded.error().message, Not(HasSubstr("secret")));
  }
}

TEST(Upgrade, no_sensible_answer_has_no_status) {
  for (const std::string answer : {"", "SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 101"}) {
    Peer peer([&](Wire& wire) {
      wire.read_until("\r\n\r\n");
      wire.write(answer);
    });
    const auto upgraded = upgrade(patient(), to(peer.url("/")), {});
    ASSERT_FALSE(upgraded);
    EXPECT_EQ(upgraded.error().status, 0);
    EXPECT_EQ(upgraded.error().kind, ErrorKind::server);
  }
}

TEST(Upgrade, ends_with_the_context_while_the_server_keeps_silent) {
  std::promise<void> done;
  Peer peer([&](Wire& wire) {
    wire.read_until("\r\n\r\n");
    done.get_future().wait();
  });
  const auto upgraded = upgrade(Context().with_timeout(std::chrono::milliseconds(20)), to(peer.url("/")), {});
  done.set_value();
  ASSERT_FALSE(upgraded);
  EXPECT_EQ(upgraded.error().kind, ErrorKind::cancelled);
}

TEST(Upgrade, a_line_break_cannot_be_smuggled_into_the_request) {
  Peer peer([](Wire& wire) { wire.read_some(); });
  auto request = to(peer.url("/"));
  request.headers.add("X", "a\r\nEvil: yes");
  EXPECT_FALSE(upgrade(patient(), request, {}));
  request = to(peer.url("/"));
  request.authorization = Secret("Bearer hunter2\n");
  const auto upgraded = upgrade(patient(), request, {});
  ASSERT_FALSE(upgraded);
  EXPECT_EQ(upgraded.error().kind, ErrorKind::user);
  EXPECT_THAT(upgraded.error().message, Not(HasSubstr("hunter2")));
  EXPECT_EQ(peer.connections(), 0);
}

TEST(Upgrade, a_server_that_cannot_be_trusted_gets_no_credentials) {
  const Authority authority;
  std::atomic<int> requests = 0;
  Peer peer([&](Wire&) { ++requests; }, PeerTls{authority.issue("server", "IP:127.0.0.1"), "", {}});
  auto request = to(peer.url("/"));
  request.authorization = Secret("Bearer hunter2");
  const auto upgraded = upgrade(patient(), request, {.tls = {.ca_pem = Authority().pem()}});
  ASSERT_FALSE(upgraded);
  EXPECT_THAT(upgraded.error().help, HasSubstr("certificate authority"));
  EXPECT_EQ(requests, 0);
}

TEST(Upgrade, goes_through_a_proxy_with_connect) {
  std::promise<std::string> asked;
  Peer proxy([&](Wire& wire) {
    asked.set_value(wire.read_until("\r\n\r\n"));
    wire.write("HTTP/1.1 200 Connection established\r\n\r\n");
    wire.read_until("\r\n\r\n");
    wire.write("HTTP/1.1 101 Switching Protocols\r\n\r\nhi");
  });
  auto upgraded = upgrade(patient(), to("http://kube.test:6443/path"), {.proxy = proxy.url("")});
  ASSERT_TRUE(upgraded) << upgraded.error().message;
  EXPECT_THAT(asked.get_future().get(), HasSubstr("CONNECT kube.test:6443 HTTP/1.1\r\n"));
  std::string got;
  ASSERT_TRUE(*upgraded->stream->read(patient(), got));
  EXPECT_EQ(got, "hi");
}

TEST(ResponseHead, is_read_strictly) {
  const auto head = parse_response_head("HTTP/1.1 101 Switching Protocols\r\nA: b\r\nc:  d \r\nEmpty:");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 101);
  EXPECT_EQ(head->headers.get("a"), "b");
  EXPECT_EQ(head->headers.get("C"), "d");
  EXPECT_EQ(head->headers.get("empty"), "");
  for (const auto* other : {"", "HTTP/2 200", "HTTP/1.1 abc OK", "HTTP/1.1  20 OK", "HTTP/1.1 200 OK\r\nno colon",
                            "HTTP/1.1 200 OK\r\n: no name"})
    EXPECT_FALSE(parse_response_head(other)) << other;
}

TEST(Chunks, are_joined_as_far_as_they_make_sense) {
  EXPECT_EQ(join_chunks("3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"), "abc0123456789");
  EXPECT_EQ(join_chunks("5\r\nab"), "ab");
  EXPECT_EQ(join_chunks("zz\r\nab"), "");
  EXPECT_EQ(join_chunks(""), "");
}

}  // namespace upgrade_test
}  // namespace flux::http
