#include <fmt/format.h>
#include <gmock/gmock.h>

#include <mutex>

#include "base/test_bounded.h"
#include "http/client.h"
#include "http/server.h"
#include "http/testing/blocking_stream.h"
#include "http/testing/certificates.h"

namespace flux::http {
namespace client_redirect_test {

using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

ServerResponse sent_to(int status, const std::string& location) {
  return {status, {{"Location", location}}, "moved", {}};
}

/// A server that answers by a script and remembers the request lines and credentials that came.
class Recorder {
 public:
  using Script = std::function<ServerResponse(const ServerRequest&)>;
  explicit Recorder(Script script, TlsSource tls = {}) : scheme_(tls ? "https" : "http"), script_(std::move(script)) {
    const auto handle = [this](const Context&, const ServerRequest& request) {
      const std::lock_guard lock(mutex_);
      seen_.push_back(fmt::format("{} {} {}", request.method, request.target,
                                  request.headers.get("Authorization").value_or("nobody")));
      return script_(request);
    };
    server_ = Server::listen("127.0.0.1:0", {}, handle, {}, std::move(tls)).value();
  }

  [[nodiscard]] std::string url(const std::string& path) const {
    return fmt::format("{}://127.0.0.1:{}{}", scheme_, server_->port(), path);
  }
  std::vector<std::string> seen() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  const std::string scheme_;
  const Script script_;
  std::mutex mutex_;
  std::vector<std::string> seen_;  ///< guarded by mutex_
  std::unique_ptr<Server> server_;
};

class ClientRedirect : public ::testing::Test {
 protected:
  ClientRequest get(const std::string& url, RedirectPolicy policy = {.limit = 3}) {
    return {.url = url, .authorization = Secret("Bearer t"), .redirects = policy};
  }

  testing::Authority authority_;
  std::unique_ptr<Client> client_ = Client::make({.tls = {.ca_pem = authority_.pem()}}).value();
};

TEST_F(ClientRedirect, FollowsAndTellsWhereItEnded) {
  Recorder other([](const auto&) { return ServerResponse{200, {}, "here", {}}; });
  Recorder first([&](const ServerRequest& request) {
    return request.path == "/a" ? sent_to(301, "b?c") : sent_to(307, other.url("/blob?signed=1"));
  });
  const auto answer = client_->send(bounded(), get(first.url("/a")));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "here");
  EXPECT_EQ(answer->url, other.url("/blob?signed=1"));
  EXPECT_THAT(first.seen(), ElementsAre("GET /a Bearer t", "GET /b?c Bearer t"));
  EXPECT_THAT(other.seen(), ElementsAre("GET /blob?signed=1 nobody"));
}

TEST_F(ClientRedirect, WithoutAPolicyARedirectIsTheAnswer) {
  Recorder server([](const auto&) { return sent_to(302, "/x"); });
  const auto answer = client_->send(bounded(), get(server.url("/a"), {}));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 302);
  EXPECT_EQ(answer->body, "moved");
  EXPECT_EQ(answer->url, server.url("/a"));
}

TEST_F(ClientRedirect, RepeatsTheBodyWhereTheMethodStays) {
  Recorder server([](const ServerRequest& request) {
    if (request.path == "/kept") return sent_to(308, "/end");
    if (request.path == "/dropped") return sent_to(302, "/end");
    return ServerResponse{200, {}, request.method + ":" + request.body, {}};
  });
  for (const auto& [path, expected] : {std::pair("/kept", "POST:body"), std::pair("/dropped", "GET:")}) {
    auto request = get(server.url(path));
    request.method = "POST";
    request.body = "body";
    EXPECT_EQ(client_->send(bounded(), request)->body, expected);
  }
}

TEST_F(ClientRedirect, OneTooManyIsAnError) {
  Recorder server([](const auto&) { return sent_to(302, "/around?token=hunter2"); });
  const auto answer = client_->send(bounded(), get(server.url("/")));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::server);
  EXPECT_EQ(answer.error().message, fmt::format("GET {} (redirected from {}): stopped after 3 redirects",
                                                server.url("/around"), server.url("/")));
  EXPECT_EQ(server.seen().size(), 4U);
}

TEST_F(ClientRedirect, AnErrorOnTheWayNamesBothEnds) {
  std::string nowhere;
  {
    const Recorder gone([](const auto&) { return ServerResponse{}; });
    nowhere = gone.url("/x");
  }
  Recorder server([&](const auto&) { return sent_to(302, nowhere); });
  const auto answer = client_->send(bounded(), get(server.url("/a")));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message,
              StartsWith(fmt::format("GET {} (redirected from {}): ", nowhere, server.url("/a"))));
}

TEST_F(ClientRedirect, StaysWithTls) {
  const auto ours = authority_.issue("server", "IP:127.0.0.1");
  const auto identity = TlsIdentity::make({ours.cert_pem, Secret(ours.key_pem)}).value();
  Recorder plain([](const auto&) { return ServerResponse{200, {}, "plain", {}}; });
  Recorder secure([&](const auto&) { return sent_to(301, plain.url("/")); }, [identity] { return identity; });
  const auto refused = client_->send(bounded(), get(secure.url("/")));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, AllOf(StartsWith("GET " + secure.url("/")), HasSubstr("not encrypted")));
  EXPECT_TRUE(plain.seen().empty());
  EXPECT_EQ(client_->send(bounded(), get(secure.url("/"), {.limit = 1, .allow_plain = true}))->body, "plain");
  EXPECT_THAT(plain.seen(), ElementsAre("GET / nobody"));
}

TEST_F(ClientRedirect, AStreamBeginsAtTheEnd) {
  Recorder server([](const ServerRequest& request) {
    if (request.path == "/a") return sent_to(302, "/b");
    return ServerResponse{200, {}, "", [](const Context&, StreamWriter& out) { out.write("event"); }};
  });
  std::string all;
  const auto end = testing::stream(
      *client_, bounded(), get(server.url("/a")), [&](std::string_view bytes) { return all += bytes, true; },
      seconds(30));
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_EQ(all, "event");
  EXPECT_EQ(end->url, server.url("/b"));
}

TEST_F(ClientRedirect, AStopEndsTheWay) {
  std::stop_source stop;
  Recorder server([&](const auto&) {
    stop.request_stop();
    return sent_to(302, "/again");
  });
  const auto answer = client_->send(bounded(stop.get_token()), get(server.url("/"), {.limit = 1000}));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::cancelled);
  EXPECT_LT(server.seen().size(), 3U);
}

}  // namespace client_redirect_test
}  // namespace flux::http
