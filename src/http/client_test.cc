#include "http/client.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <latch>

#include "base/test_bounded.h"
#include "http/testing/client_and_server.h"
#include "http/testing/peer.h"

namespace flux::http {
namespace client_test {

using std::chrono::seconds;
using ::testing::HasSubstr;
using testing::make_client;
using ::testing::Not;
using testing::Peer;
using testing::serve;
using ::testing::StartsWith;
using testing::url_of;
using testing::Wire;

ClientRequest get(const std::string& url) { return {.url = url}; }

TEST(Client, SendsTheRequestAsGiven) {
  const auto server = serve([](const Context&, const ServerRequest& request) {
    std::string text = request.method + " " + request.target + "\n";
    for (const auto& [name, value] : request.headers) text += name + "=" + value + "\n";
    return ServerResponse{201, {{"X-A", "1"}, {"x-a", "2"}, {"Empty", ""}}, text + request.body, {}};
  });
  const auto client = make_client({.user_agent = "fluxd/2"});
  const auto answer = client->send(bounded(), {.method = "PATCH",
                                               .url = url_of(*server, "/a/../b%2F?q=1"),
                                               .headers = {{"X-Custom", "yes"}, {"X-Empty", ""}},
                                               .authorization = Secret("Bearer token"),
                                               .body = "the body"});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 201);
  EXPECT_THAT(answer->headers.all("X-A"), ::testing::ElementsAre("1", "2"));
  EXPECT_EQ(answer->headers.get("Empty"), "");
  EXPECT_EQ(answer->body, fmt::format("PATCH /a/../b%2F?q=1\nHost=127.0.0.1:{}\nUser-Agent=fluxd/2\nAccept=*/*\n"
                                      "X-Custom=yes\nX-Empty=\nAuthorization=Bearer token\nContent-Length=8\nthe body",
                                      server->port()));
}

TEST(Client, KnowsTheMethods) {
  const auto server = serve([](const Context&, const ServerRequest& request) {
    return ServerResponse{200, {{"X-Was", request.method}}, request.method + ":" + request.body, {}};
  });
  const auto client = make_client();
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"GET", "", "GET:"},         {"POST", "", "POST:"},       {"PUT", "x", "PUT:x"}, {"DELETE", "", "DELETE:"},
      {"DELETE", "x", "DELETE:x"}, {"OPTIONS", "", "OPTIONS:"}, {"HEAD", "", ""},
  };
  for (const auto& [method, body, expected] : cases) {
    const auto answer = client->send(bounded(), {.method = method, .url = url_of(*server), .body = body});
    ASSERT_TRUE(answer) << method << answer.error().message;
    EXPECT_EQ(answer->body, expected);
    EXPECT_EQ(answer->headers.get("X-Was"), method);
  }
}

TEST(Client, AStatusOf400OrMoreIsAnAnswer) {
  const auto server = serve([](const auto&, const auto&) { return ServerResponse{503, {}, "later", {}}; });
  const auto answer = make_client()->send(bounded(), get(url_of(*server)));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->body, "later");
}

TEST(Client, DoesNotFollowRedirects) {
  const auto server = serve([](const auto&, const auto&) { return ServerResponse{302, {{"Location", "/x"}}, "", {}}; });
  const auto answer = make_client()->send(bounded(), get(url_of(*server)));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 302);
  EXPECT_EQ(answer->headers.get("location"), "/x");
}

TEST(Client, MovesLargeBodiesBothWays) {
  const auto server = serve(
      [](const Context&, const ServerRequest& request) { return ServerResponse{200, {}, request.body + "!", {}}; },
      {.body_bytes = std::size_t{32} << 20});
  std::string body(std::size_t{20} << 20, 'x');
  for (std::size_t i = 0; i < body.size(); i += 997) body[i] = static_cast<char>('a' + i % 26);
  const auto answer = make_client()->send(bounded(), {.method = "POST", .url = url_of(*server), .body = body});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_TRUE(answer->body == body + "!");
}

TEST(Client, ThousandsOfRequestsShareFewConnections) {
  constexpr int kCount = 3000;
  Peer peer([](Wire& wire) {
    while (wire.read_until("\r\n\r\n").ends_with("\r\n\r\n"))
      wire.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  const auto client = make_client();
  std::atomic<int> good = 0;
  std::latch all(kCount);
  for (int i = 0; i < kCount; ++i)
    client->start(bounded(), get(peer.url("/")), [&](const Result<ClientResponse>& answer) {
      good += answer && answer->body == "ok";
      all.count_down();
    });
  all.wait();
  EXPECT_EQ(good, kCount);
  EXPECT_LE(peer.connections(), 8);
}

TEST(Client, RefusesWhatCannotBeSent) {
  const auto client = make_client();
  const ClientRequest cases[] = {
      {.url = "nonsense"},
      {.method = "GET /", .url = "http://localhost/"},
      {.url = "http://localhost/", .headers = {{"X", "a\r\nEvil: yes"}}},
      {.url = "http://localhost/", .headers = {{"X Y", "a"}}},
      {.url = "http://localhost/", .authorization = Secret("Bearer hunter2\n")},
  };
  for (const auto& request : cases) {
    const auto answer = client->send(bounded(), request);
    ASSERT_FALSE(answer) << request.url;
    EXPECT_EQ(answer.error().kind, ErrorKind::user);
    EXPECT_THAT(answer.error().message, Not(HasSubstr("hunter2")));
  }
}

TEST(Client, ErrorsSayWhatAndWhereAndWhatToDoButNoSecret) {
  std::uint16_t closed_port = 0;
  {
    closed_port = Peer([](Wire&) {}).port();
  }
  const auto answer = make_client()->send(
      bounded(), {.method = "PUT",
                  .url = fmt::format("http://me:hunter2@127.0.0.1:{}/path?token=hunter2", closed_port),
                  .authorization = Secret("Bearer hunter2")});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::server);
  EXPECT_THAT(answer.error().message, StartsWith(fmt::format("PUT http://127.0.0.1:{}/path: ", closed_port)));
  EXPECT_THAT(answer.error().message, Not(HasSubstr("hunter2")));
  EXPECT_THAT(answer.error().help, HasSubstr("server runs"));
}

TEST(Client, ABrokenConnectionIsAnError) {
  const std::pair<const char*, Peer::Script> cases[] = {
      {"no answer", [](Wire& wire) { wire.read_until("\r\n\r\n"); }},
      {"reset",
       [](Wire& wire) {
         wire.read_until("\r\n\r\n");
         wire.reset();
       }},
      {"half a header",
       [](Wire& wire) {
         wire.read_until("\r\n\r\n");
         wire.write("HTTP/1.1 200 O");
       }},
      {"half a body",
       [](Wire& wire) {
         wire.read_until("\r\n\r\n");
         wire.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
       }},
      {"half the chunks",
       [](Wire& wire) {
         wire.read_until("\r\n\r\n");
         wire.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
       }},
      {"not http",
       [](Wire& wire) {
         wire.read_until("\r\n\r\n");
         wire.write("SSH-2.0-OpenSSH_9.2\r\n");
       }},
  };
  for (const auto& [name, script] : cases) {
    const Peer peer(script);
    const auto answer = make_client()->send(Context().with_timeout(seconds(20)), get(peer.url("/")));
    ASSERT_FALSE(answer) << name;
    EXPECT_EQ(answer.error().kind, ErrorKind::server) << name << answer.error().message;
    EXPECT_THAT(answer.error().message, StartsWith("GET http://127.0.0.1:")) << name;
  }
}

TEST(Client, AConnectionClosedWhileIdleIsReplaced) {
  std::atomic<int> served = 0;
  Peer peer([&](Wire& wire) {
    wire.read_until("\r\n\r\n");
    ++served;
    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  const auto client = make_client();
  for (int i = 0; i < 5; ++i) {
    const auto answer = client->send(bounded(), get(peer.url("/")));
    EXPECT_TRUE(answer) << answer.error().message;
  }
  EXPECT_EQ(served, 5);
}

TEST(Client, TooLongAnAnswerIsAnError) {
  const auto server =
      serve([](const auto&, const auto&) { return ServerResponse{200, {}, std::string(2000, 'x'), {}}; });
  const auto answer = make_client({.max_body = 1999})->send(bounded(), get(url_of(*server)));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::server);
  EXPECT_THAT(answer.error().message, HasSubstr("longer than 1999 bytes"));
  EXPECT_TRUE(make_client({.max_body = 2000})->send(bounded(), get(url_of(*server))));
}

TEST(Client, ARequestMayAllowLess) {
  const auto server =
      serve([](const auto&, const auto&) { return ServerResponse{200, {}, std::string(200, 'x'), {}}; });
  const auto client = make_client({.max_body = 1000});
  EXPECT_TRUE(client->send(bounded(), {.url = url_of(*server), .max_body = 200}));
  const auto answer = client->send(bounded(), {.url = url_of(*server), .max_body = 199});
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("longer than 199 bytes"));
  EXPECT_FALSE(make_client({.max_body = 100})->send(bounded(), {.url = url_of(*server), .max_body = 200}));
}

TEST(Client, WhoMayCutGetsTheBeginning) {
  const auto server =
      serve([](const auto&, const auto&) { return ServerResponse{200, {}, std::string(200, 'x'), {}}; });
  const auto client = make_client();
  for (const std::size_t limit : {0U, 1U, 199U, 200U}) {
    const auto answer = client->send(bounded(), {.url = url_of(*server), .max_body = limit, .may_cut = true});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body.size(), limit);
    EXPECT_EQ(answer->cut, limit < 200);
  }
}

TEST(Client, AnErrorWithoutEndIsReadAsFarAsAnybodyWould) {
  Peer peer([](Wire& wire) {
    wire.read_until("\r\n\r\n");
    wire.write("HTTP/1.1 500 Oh\r\n\r\n" + std::string(2 * kMaxErrorBody, 'x'));
    wire.read_until("the connection's end");
  });
  const auto answer = make_client()->send(bounded(), get(peer.url("/")));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 500);
  EXPECT_EQ(answer->body.size(), kMaxErrorBody);
  EXPECT_TRUE(answer->cut);
}

TEST(Client, InterimAnswersAreNotTheAnswer) {
  Peer peer([](Wire& wire) {
    wire.read_until("\r\n\r\n");
    wire.write("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  const auto answer = make_client()->send(bounded(), get(peer.url("/")));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->headers.get("Link"), std::nullopt);
}

}  // namespace client_test
}  // namespace flux::http
