#include "http/client.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <future>
#include <latch>
#include <stdexcept>

#include "base/test_bounded.h"
#include "base/test_log.h"
#include "base/test_threads.h"
#include "http/server.h"
#include "http/testing/blocking_stream.h"
#include "http/testing/peer.h"

namespace flux::http {
namespace client_test {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Peer;
using ::testing::StartsWith;
using testing::stream;
using testing::Wire;

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

std::unique_ptr<Client> make_client(ClientOptions options = {}) {
  auto client = Client::make(std::move(options));
  if (!client) throw std::runtime_error(client.error().message);
  return std::move(*client);
}

std::unique_ptr<Server> serve(Handler handler, ServerLimits limits = {}) {
  auto server = Server::listen("127.0.0.1:0", limits, std::move(handler), {});
  if (!server) throw std::runtime_error(server.error().message);
  return std::move(*server);
}

ClientRequest get(const std::string& url) { return {.url = url}; }

std::string url_of(const Server& server, const std::string& path = "/") {
  return fmt::format("http://127.0.0.1:{}{}", server.port(), path);
}

/// Reads a request and never answers.
void silence(Wire& wire) {
  wire.read_until("\r\n\r\n");
  wire.read_some();
}

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

void tick(const Context& ctx, StreamWriter& out) {
  while (out.write("tick") && ctx.sleep(milliseconds(5))) {
  }
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

}  // namespace client_test
}  // namespace flux::http
