#include "http/server.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <future>
#include <latch>
#include <stdexcept>

#include "base/test_log.h"
#include "base/test_threads.h"
#include "http/testing/client_and_server.h"
#include "http/testing/peer.h"

namespace flux::http {
namespace server_test {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::serve;
using ::testing::StartsWith;
using testing::Wire;

// The limit itself cannot be lowered for these: a sanitizer needs descriptors when it looks at a class.
std::atomic<bool> event_queues_fail = false;
std::atomic<bool> accepts_fail = false;

int out_of_descriptors() {
  errno = EMFILE;
  return -1;
}

/// In place of the C library's, for all of this program.
extern "C" int epoll_create1(int flags) noexcept {
  return event_queues_fail ? out_of_descriptors() : static_cast<int>(::syscall(SYS_epoll_create1, flags));
}
extern "C" int accept(int socket, sockaddr* address, socklen_t* size) {
  return accepts_fail ? out_of_descriptors() : static_cast<int>(::syscall(SYS_accept, socket, address, size));
}

ServerResponse echo(const Context&, const ServerRequest& request) {
  return {200, {{"X-Method", request.method}}, request.path + "|" + request.body, {}};
}

std::string get(const std::string& path, const std::string& more = "") {
  return fmt::format("GET {} HTTP/1.1\r\nHost: test\r\n{}\r\n", path, more);
}

std::string ask(std::uint16_t port, const std::string& text) {
  auto wire = Wire::dial(port);
  wire.write(text);
  return wire.read_all();
}

const std::string kClose = "Connection: close\r\n";

TEST(Server, AnswersAndCloses) {
  const auto server = serve(echo);
  const auto answer = ask(server->port(), get("/a%20b", kClose));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\nX-Method: GET\r\nDate: "));
  EXPECT_THAT(answer, EndsWith("Content-Length: 5\r\nConnection: close\r\n\r\n/a b|"));
}

TEST(Server, KeepsTheConnectionAndTheOrderOfPipelinedRequests) {
  const auto server = serve(echo);
  std::string requests;
  for (int i = 0; i < 50; ++i)
    requests += fmt::format("POST /{} HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok", i);
  const auto answers = ask(server->port(), requests + get("/last", kClose));
  std::size_t at = 0;
  for (int i = 0; i < 50; ++i) {
    at = answers.find(fmt::format("/{}|ok", i), at);
    ASSERT_NE(at, std::string::npos) << i;
  }
  EXPECT_THAT(answers, EndsWith("/last|"));
}

TEST(Server, HeadHasTheLengthButNotTheBody) {
  const auto server = serve(echo);
  const auto answer = ask(server->port(), "HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST(Server, NoContentHasNoLength) {
  const auto server = serve([](const auto&, const auto&) { return ServerResponse{204, {}, "ignored", {}}; });
  const auto answer = ask(server->port(), get("/", kClose));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("Content-Length")));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST(Server, OldClientsGetWhatTheyUnderstand) {
  const auto server = serve([](const auto&, const auto&) {
    return ServerResponse{200, {}, "", [](const Context&, StreamWriter& out) { out.write("streamed"); }};
  });
  const auto answer = ask(server->port(), "GET / HTTP/1.0\r\n\r\n");
  EXPECT_THAT(answer, Not(HasSubstr("chunked")));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nstreamed"));
}

TEST(Server, AsksForTheBodyWhenTheClientWaitsToBeAsked) {
  const auto server = serve(echo);
  auto wire = Wire::dial(server->port());
  wire.write("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(wire.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  wire.write("body");
  EXPECT_THAT(wire.read_all(), EndsWith("/|body"));
}

TEST(Server, TurnsDownLargeBodiesWhileTheyAreStillSent) {
  const auto server = serve(echo, {.body_bytes = 1000});
  auto wire = Wire::dial(server->port());
  wire.write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n" + std::string(200'000, 'x'));
  const auto answer = wire.read_all();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
}

TEST(Server, TurnsDownWhatIsNotHttp) {
  const auto server = serve(echo);
  EXPECT_THAT(ask(server->port(), "\x16\x03\x01 who are you\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
}

TEST(Server, AThrowingHandlerIsA500AndTheNextRequestIsServed) {
  const KeptLog kept;
  const auto server = serve(
      [](const Context& ctx, const ServerRequest& request) {
        if (request.path == "/throw") throw std::runtime_error("secret detail");
        if (request.path == "/odd") throw 7;
        return echo(ctx, request);
      },
      {}, kept.log());
  const auto answer = ask(server->port(), get("/throw") + get("/odd") + get("/fine", kClose));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer, Not(HasSubstr("secret detail")));
  EXPECT_THAT(answer, EndsWith("/fine|"));
  EXPECT_THAT(kept.text(), AllOf(HasSubstr("err=\"secret detail\" method=GET path=/throw"),
                                 HasSubstr("err=\"an exception of unknown type\" method=GET path=/odd")));
}

TEST(Server, AThrowingStreamIsBrokenOffAndLogged) {
  const KeptLog kept;
  const auto server = serve(
      [](const auto&, const auto&) {
        return ServerResponse{200, {}, "", [](const Context&, StreamWriter& out) {
                                out.write("some");
                                throw std::runtime_error("broken");
                              }};
      },
      {}, kept.log());
  EXPECT_THAT(ask(server->port(), get("/")), Not(EndsWith("0\r\n\r\n")));
  EXPECT_TRUE(kept.wait_for("err=broken info=\"streamed response cut off\""));
}

TEST(Server, WithoutThreadsItDoesNotStart) {
  const NoMoreThreads none;
  const auto server = Server::listen("127.0.0.1:0", {}, echo, {});
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().message, HasSubstr("no thread can be started"));
}

TEST(Server, WithoutAnEventQueueItDoesNotStart) {
  event_queues_fail = true;
  const auto server = Server::listen("127.0.0.1:0", {}, echo, {});
  event_queues_fail = false;
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().message, "cannot listen on 127.0.0.1:0: no memory or file descriptors left");
}

TEST(Server, ServesAgainOnceThereAreDescriptorsAgain) {
  const KeptLog kept;
  const auto server = serve(echo, {}, kept.log());
  accepts_fail = true;
  auto waiting = Wire::dial(server->port());
  EXPECT_TRUE(kept.wait_for("accepting a connection: Too many open files"));
  accepts_fail = false;
  waiting.write(get("/after", kClose));
  EXPECT_THAT(waiting.read_all(), EndsWith("/after|"));
}

TEST(Server, SlowHeadersAreCutOffAndDelayNobody) {
  const auto server = serve(echo, {.header_timeout = milliseconds(300), .handler_threads = 1});
  std::vector<Wire> slow;
  for (int i = 0; i < 200; ++i) slow.push_back(Wire::dial(server->port())), slow.back().write("GET / HT");
  const auto begin = Clock::now();
  EXPECT_THAT(ask(server->port(), get("/quick", kClose)), EndsWith("/quick|"));
  EXPECT_LT(Clock::now() - begin, milliseconds(250));
  for (auto& wire : slow) EXPECT_THAT(wire.read_all(), StartsWith("HTTP/1.1 408 "));
  EXPECT_LT(Clock::now() - begin, seconds(5));
}

TEST(Server, DrippingBytesDoesNotExtendTheTimeForTheHeader) {
  const auto server = serve(echo, {.header_timeout = milliseconds(200)});
  auto wire = Wire::dial(server->port());
  const auto begin = Clock::now();
  std::jthread dripper([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && wire.write("x")) Context(stop).sleep(milliseconds(20));
  });
  EXPECT_THAT(wire.read_until("\r\n"), StartsWith("HTTP/1.1 408 "));
  EXPECT_LT(Clock::now() - begin, seconds(2));
}

TEST(Server, SlowBodiesAreCutOffAndHoldNoHandler) {
  const auto server = serve(echo, {.body_timeout = milliseconds(300), .handler_threads = 1});
  auto slow = Wire::dial(server->port());
  slow.write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
  EXPECT_THAT(ask(server->port(), get("/quick", kClose)), EndsWith("/quick|"));
  EXPECT_THAT(slow.read_all(), StartsWith("HTTP/1.1 408 "));
}

TEST(Server, ReadersWhoDoNotReadAreDroppedAndHoldNoHandler) {
  std::promise<std::stop_token> big;
  const auto server = serve(
      [&](const Context& ctx, const ServerRequest& request) {
        if (request.path != "/big") return ServerResponse{200, {}, "small", {}};
        big.set_value(ctx.stop_token());
        return ServerResponse{200, {}, std::string(std::size_t{64} << 20, 'x'), {}};
      },
      {.body_timeout = milliseconds(300), .handler_threads = 1});
  auto slow = Wire::dial(server->port());
  slow.write(get("/big"));
  ASSERT_FALSE(slow.read_some().empty());
  EXPECT_THAT(ask(server->port(), get("/", kClose)), EndsWith("small"));
  EXPECT_FALSE(Context(big.get_future().get()).sleep(seconds(10)));
  EXPECT_LT(slow.read_all().size(), std::size_t{64} << 20);
}

TEST(Server, IdleConnectionsMakeRoomForNewOnes) {
  const auto server = serve(echo, {.connections = 20});
  std::vector<Wire> idle;
  for (int i = 0; i < 100; ++i) idle.push_back(Wire::dial(server->port()));
  EXPECT_THAT(ask(server->port(), get("/served", kClose)), EndsWith("/served|"));
  EXPECT_EQ(idle.front().read_some(), "");
}

TEST(Server, TurnsAwayConnectionsBeyondTheLimitWhenAllAreAtWork) {
  std::latch busy(2);
  std::promise<void> release;
  const auto released = release.get_future().share();
  const auto server = serve(
      [&](const Context&, const ServerRequest&) {
        busy.count_down();
        released.wait();
        return ServerResponse{200, {}, "done", {}};
      },
      {.connections = 2});
  auto first = Wire::dial(server->port());
  auto second = Wire::dial(server->port());
  first.write(get("/", kClose));
  second.write(get("/", kClose));
  busy.wait();
  EXPECT_THAT(Wire::dial(server->port()).read_all(), StartsWith("HTTP/1.1 503 "));
  release.set_value();
  EXPECT_THAT(first.read_all(), EndsWith("done"));
  EXPECT_THAT(second.read_all(), EndsWith("done"));
}

TEST(Server, TheContextEndsWhenTheClientGoes) {
  std::latch inside(1);
  std::promise<bool> slept;
  const auto server = serve([&](const Context& ctx, const ServerRequest&) {
    inside.count_down();
    slept.set_value(ctx.sleep(seconds(30)));
    return ServerResponse{};
  });
  {
    auto wire = Wire::dial(server->port());
    wire.write(get("/"));
    inside.wait();
  }
  EXPECT_FALSE(slept.get_future().get());
}

TEST(Server, StreamsChunksAsTheyAreWritten) {
  std::promise<void> second;
  auto go_on = second.get_future().share();
  const auto server = serve([&](const auto&, const auto&) {
    return ServerResponse{200, {}, "", [go_on](const Context&, StreamWriter& out) {
                            out.write("first");
                            go_on.wait();
                            out.write("second");
                          }};
  });
  auto wire = Wire::dial(server->port());
  wire.write(get("/") + get("/", kClose));
  EXPECT_THAT(wire.read_until("\r\n\r\n"), HasSubstr("Transfer-Encoding: chunked"));
  EXPECT_EQ(wire.read_until("first\r\n"), "5\r\nfirst\r\n");
  second.set_value();
  EXPECT_EQ(wire.read_until("0\r\n\r\n"), "6\r\nsecond\r\n0\r\n\r\n");
  EXPECT_THAT(wire.read_all(), EndsWith("0\r\n\r\n"));
}

TEST(Server, AStreamThatThrowsIsVisiblyCutShort) {
  const auto server = serve([](const auto&, const auto&) {
    return ServerResponse{200, {}, "", [](const Context&, StreamWriter& out) {
                            out.write("some");
                            throw std::runtime_error("broken");
                          }};
  });
  EXPECT_THAT(ask(server->port(), get("/")), EndsWith("4\r\nsome\r\n"));
}

TEST(Server, AStreamIsToldThatItsClientIsGone) {
  std::promise<bool> waited;
  const auto server = serve([&](const auto&, const auto&) {
    return ServerResponse{200, {}, "", [&](const Context& ctx, StreamWriter& out) {
                            out.write("x");
                            waited.set_value(ctx.sleep(seconds(30)) || out.write("y"));
                          }};
  });
  {
    auto wire = Wire::dial(server->port());
    wire.write(get("/"));
    wire.read_until("x\r\n");
  }
  EXPECT_FALSE(waited.get_future().get());
}

TEST(Server, AStreamNobodyReadsIsHeldBackAndThenDropped) {
  std::atomic<std::size_t> written = 0;
  std::promise<void> ended;
  const auto server = serve(
      [&](const auto&, const auto&) {
        return ServerResponse{200, {}, "", [&](const Context&, StreamWriter& out) {
                                const std::string piece(10'000, 'x');
                                while (out.write(piece)) written += piece.size();
                                ended.set_value();
                              }};
      },
      {.body_timeout = milliseconds(300)});
  auto wire = Wire::dial(server->port());
  wire.write(get("/"));
  ended.get_future().wait();
  EXPECT_LT(written, std::size_t{32} << 20);
}

TEST(Server, HundredsOfStreamsRunBesideRequests) {
  constexpr int kStreams = 300;
  const auto server = serve([](const Context& request_ctx, const ServerRequest& request) {
    if (request.path != "/watch") return echo(request_ctx, request);
    return ServerResponse{200, {}, "", [](const Context& ctx, StreamWriter& out) {
                            out.write("event");
                            ctx.sleep(seconds(60));
                          }};
  });
  std::vector<Wire> watches;
  for (int i = 0; i < kStreams; ++i) watches.push_back(Wire::dial(server->port())), watches.back().write(get("/watch"));
  for (auto& watch : watches) ASSERT_THAT(watch.read_until("event\r\n"), EndsWith("event\r\n"));
  EXPECT_THAT(ask(server->port(), get("/beside", kClose)), EndsWith("/beside|"));
}

TEST(Server, EndsPromptlyWithEverythingOpen) {
  std::latch open(51);
  auto server = serve([&](const Context& request_ctx, const ServerRequest& request) {
    if (request.path == "/slow") {
      open.count_down();
      request_ctx.sleep(seconds(60));
      return ServerResponse{};
    }
    return ServerResponse{200, {}, "", [&](const Context& ctx, StreamWriter& out) {
                            open.count_down();
                            while (ctx.sleep(milliseconds(10)) && out.write("tick")) {
                            }
                          }};
  });
  std::vector<Wire> wires;
  for (int i = 0; i < 50; ++i) wires.push_back(Wire::dial(server->port())), wires.back().write(get("/stream"));
  wires.push_back(Wire::dial(server->port()));
  wires.back().write(get("/slow"));
  for (int i = 0; i < 10; ++i) wires.push_back(Wire::dial(server->port()));
  open.wait();
  const auto begin = Clock::now();
  server.reset();
  EXPECT_LT(Clock::now() - begin, seconds(1));
}

TEST(Listen, TakesTheUsualForms) {
  for (const std::string address : {"127.0.0.1:0", ":0", "localhost:0"}) {
    const auto server = Server::listen(address, {}, echo, {});
    ASSERT_TRUE(server) << address << server.error().message;
    EXPECT_THAT(ask((*server)->port(), get("/", kClose)), EndsWith("/|"));
  }
}

TEST(Listen, SaysWhichAddressCannotBeBound) {
  const auto taken = serve(echo);
  for (const std::string& address : {fmt::format("127.0.0.1:{}", taken->port()), std::string("192.0.2.1:0"),
                                     std::string("no-port"), std::string("::1:80"), std::string("host:")}) {
    const auto server = Server::listen(address, {}, echo, {});
    ASSERT_FALSE(server) << address;
    EXPECT_EQ(server.error().kind, ErrorKind::user);
    EXPECT_THAT(server.error().message, HasSubstr(address));
    EXPECT_FALSE(server.error().help.empty());
  }
}

}  // namespace server_test
}  // namespace flux::http
