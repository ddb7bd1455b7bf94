#include "http/server_tls.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <stdexcept>

#include "base/test_bounded.h"
#include "base/test_log.h"
#include "http/client.h"
#include "http/server.h"
#include "http/testing/blocking_stream.h"
#include "http/testing/peer.h"

namespace flux::http {
namespace server_tls_test {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Authority;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::stream;
using testing::Wire;

ServerResponse echo(const Context&, const ServerRequest& request) {
  return {200, {{"X-Method", request.method}}, request.path + "|" + request.body, {}};
}

TlsSource shown(const testing::Identity& identity) {
  return [tls = TlsIdentity::make({identity.cert_pem, Secret(identity.key_pem)}).value()] { return tls; };
}

class ServerTlsTest : public ::testing::Test {
 protected:
  std::unique_ptr<Server> serve(Handler handler, ServerLimits limits = {}) const {
    const auto identity = authority_.issue("server", "IP:127.0.0.1");
    auto server = Server::listen("127.0.0.1:0", limits, std::move(handler), {}, shown(identity));
    if (!server) throw std::runtime_error(server.error().message);
    return std::move(*server);
  }
  [[nodiscard]] std::unique_ptr<Client> client() const {
    return Client::make({.tls = {.ca_pem = authority_.pem()}}).value();
  }
  static std::string url(const Server& server, const std::string& path) {
    return fmt::format("https://127.0.0.1:{}{}", server.port(), path);
  }
  static Bounded patient() { return Context().with_timeout(seconds(30)); }

  const Authority authority_;
};

TEST_F(ServerTlsTest, AnswersRequestAfterRequest) {
  const auto server = serve(echo);
  const auto asking = client();
  for (int i = 0; i < 30; ++i) {
    const auto answer =
        asking->send(patient(), {.method = "POST", .url = url(*server, fmt::format("/{}", i)), .body = "ok"});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, fmt::format("/{}|ok", i));
  }
  const auto head = asking->send(patient(), {.method = "HEAD", .url = url(*server, "/x")});
  ASSERT_TRUE(head);
  EXPECT_EQ(head->headers.get("X-Method"), "HEAD");
  EXPECT_EQ(head->body, "");
}

TEST_F(ServerTlsTest, CarriesLargeBodiesBothWays) {
  const auto server = serve(echo);
  std::string body;
  for (int i = 0; body.size() < 5'000'000; ++i) body += fmt::format("line {}\n", i);
  const auto answer = client()->send(patient(), {.method = "PUT", .url = url(*server, "/"), .body = body});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_TRUE(answer->body == "/|" + body);
}

TEST_F(ServerTlsTest, ServesManyClientsAtOnce) {
  const auto server = serve(echo);
  std::vector<std::future<Result<ClientResponse>>> answers;
  for (int i = 0; i < 20; ++i)
    answers.push_back(std::async(std::launch::async, [&, i] {
      return client()->send(patient(), {.url = url(*server, fmt::format("/{}", i))});
    }));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(answers.at(static_cast<std::size_t>(i)).get()->body, fmt::format("/{}|", i));
}

TEST_F(ServerTlsTest, Streams) {
  const auto server = serve([](const auto&, const auto&) {
    return ServerResponse{200, {}, "", [](const Context&, StreamWriter& out) {
                            for (int i = 0; i < 100; ++i) out.write(fmt::format("{},", i));
                          }};
  });
  std::string got;
  const auto answer = stream(
      *client(), patient(), {.url = url(*server, "/")}, [&](std::string_view bytes) { return got += bytes, true; },
      seconds(10));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(got, StartsWith("0,1,2,"));
  EXPECT_THAT(got, ::testing::EndsWith(",98,99,"));
}

TEST_F(ServerTlsTest, TurnsDownLargeBodies) {
  const auto server = serve(echo, {.body_bytes = 1000});
  const auto answer =
      client()->send(patient(), {.method = "POST", .url = url(*server, "/"), .body = std::string(2000, 'x')});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 413);
}

TEST_F(ServerTlsTest, CancelsTheRequestOfAClientThatLeft) {
  std::promise<bool> slept;
  const auto server = serve([&](const Context& ctx, const auto&) {
    slept.set_value(ctx.sleep(seconds(30)));
    return ServerResponse{};
  });
  EXPECT_FALSE(client()->send(Context().with_timeout(milliseconds(500)), {.url = url(*server, "/")}));
  EXPECT_FALSE(slept.get_future().get());
}

TEST_F(ServerTlsTest, IsNotTrustedByStrangers) {
  const auto server = serve(echo);
  EXPECT_FALSE(
      Client::make({.tls = {.ca_pem = Authority().pem()}}).value()->send(patient(), {.url = url(*server, "/")}));
  EXPECT_TRUE(client()->send(patient(), {.url = url(*server, "/")}));
}

TEST_F(ServerTlsTest, SaysThatItIsNotPlainHttp) {
  const auto server = serve(echo);
  auto wire = Wire::dial(server->port());
  wire.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto answer = wire.read_all();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer, HasSubstr("use https://"));
}

TEST_F(ServerTlsTest, SurvivesWhatIsNoTls) {
  const auto server = serve(echo);
  const std::string hello("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03", 10);
  for (const auto& garbage :
       {std::string("SSH-2.0-x\r\n"), std::string(100'000, '\0'), std::string(1, '\x16'), hello}) {
    auto wire = Wire::dial(server->port());
    wire.write(garbage);
    wire.shut_write();
    wire.read_all();
  }
  EXPECT_TRUE(client()->send(patient(), {.url = url(*server, "/")}));
}

TEST_F(ServerTlsTest, CutsSlowHandshakesOff) {
  const auto server = serve(echo, {.header_timeout = milliseconds(200)});
  auto silent = Wire::dial(server->port());
  auto slow = Wire::dial(server->port());
  slow.write("\x16\x03\x01");
  // Ends because the server hangs up: a wire gives up by itself only after ten seconds.
  const auto begin = Clock::now();
  EXPECT_EQ(silent.read_all(), "");
  EXPECT_EQ(slow.read_all(), "");
  EXPECT_LT(Clock::now() - begin, seconds(8));
}

TEST_F(ServerTlsTest, RefusesMaterialThatCannotServe) {
  const auto identity = authority_.issue("server", "IP:127.0.0.1");
  const auto other = authority_.issue("other", "IP:127.0.0.1");
  struct Row {
    std::string certificate;
    std::string key;
    const char* message;
  };
  const Row rows[] = {
      {"", identity.key_pem, "certificate is not readable"},
      {"nonsense", identity.key_pem, "certificate is not readable"},
      {identity.cert_pem, "", "key is not readable"},
      {identity.cert_pem, identity.cert_pem, "key is not readable"},
      {identity.cert_pem, other.key_pem, "does not belong"},
  };
  for (const auto& row : rows) {
    const auto unusable = TlsIdentity::make({row.certificate, Secret(row.key)});
    ASSERT_FALSE(unusable);
    EXPECT_EQ(unusable.error().kind, ErrorKind::user);
    EXPECT_THAT(unusable.error().message, HasSubstr(row.message));
    EXPECT_FALSE(unusable.error().help.empty());
  }
}

TEST_F(ServerTlsTest, GoesOnAfterAFailureOfItsOwnThread) {
  const KeptLog kept;
  const auto ours = shown(authority_.issue("server", "IP:127.0.0.1"));
  std::atomic<int> connections = 0;
  const auto source = [&] {
    if (++connections == 2) throw std::runtime_error("broken");
    return ours();
  };
  const auto server = Server::listen("127.0.0.1:0", {}, echo, kept.log(), source).value();
  const auto first = client();
  EXPECT_TRUE(first->send(patient(), {.url = url(*server, "/")}));
  EXPECT_FALSE(client()->send(patient(), {.url = url(*server, "/")}));
  EXPECT_TRUE(kept.wait_for("err=\"serving HTTP: broken\""));
  EXPECT_TRUE(first->send(patient(), {.url = url(*server, "/")})) << "over a new connection: the old one was closed";
  EXPECT_EQ(connections, 3);
}

TEST_F(ServerTlsTest, AsksForTheIdentityAtEachConnection) {
  const Authority next_authority;
  const auto before = authority_.issue("server", "IP:127.0.0.1");
  const auto after = next_authority.issue("server", "IP:127.0.0.1");
  std::atomic<bool> renewed = false;
  auto server =
      std::move(*Server::listen("127.0.0.1:0", {}, echo, {}, [&, first = shown(before), second = shown(after)] {
        return renewed ? second() : first();
      }));
  const auto kept = client();
  EXPECT_TRUE(kept->send(patient(), {.url = url(*server, "/")}));
  renewed = true;
  EXPECT_TRUE(kept->send(patient(), {.url = url(*server, "/")})) << "an open connection goes on";
  EXPECT_FALSE(client()->send(patient(), {.url = url(*server, "/")})) << "a new one shows the new certificate";
  EXPECT_TRUE(
      Client::make({.tls = {.ca_pem = next_authority.pem()}}).value()->send(patient(), {.url = url(*server, "/")}));
}

TEST_F(ServerTlsTest, ShowsTheWholeChain) {
  const auto identity = authority_.issue("server", "IP:127.0.0.1");
  EXPECT_TRUE(TlsIdentity::make({identity.cert_pem + authority_.pem(), Secret(identity.key_pem)}));
}

}  // namespace server_tls_test
}  // namespace flux::http
