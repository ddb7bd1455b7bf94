#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <future>
#include <stdexcept>

#include "base/test_bounded.h"
#include "base/test_temp_dir.h"
#include "http/client.h"
#include "http/testing/http2.h"
#include "http/testing/peer.h"

namespace flux::http {
namespace client_tls_test {

using std::chrono::seconds;
using testing::Authority;
using ::testing::HasSubstr;
using testing::Http2;
using testing::Peer;
using testing::PeerTls;
using testing::Wire;

Result<ClientResponse> get(const ClientOptions& options, const std::string& url) {
  auto client = Client::make(options);
  if (!client) return Failure(client.error());
  return (*client)->send(Context().with_timeout(seconds(20)), {.url = url});
}

/// Answers with who it is talking to.
void introduce(Wire& wire) {
  const auto request = wire.read_until("\r\n\r\n");
  if (request.empty()) return;
  const auto host = request.find("Host: ");
  const auto text = fmt::format("client={} sni={} {}", wire.client_name(), wire.server_name(),
                                request.substr(host, request.find("\r\n", host) - host));
  wire.write(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", text.size(), text));
}

class ClientTls : public ::testing::Test {
 protected:
  PeerTls server_tls(const std::string& names) const { return {authority_.issue("server", names), "", {"http/1.1"}}; }

  const Authority authority_;
};

TEST_F(ClientTls, TrustsItsOwnAuthority) {
  Peer peer(introduce, server_tls("IP:127.0.0.1"));
  const auto answer = get({.tls = {.ca_pem = authority_.pem()}}, peer.url("/"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, fmt::format("client= sni= Host: 127.0.0.1:{}", peer.port()));
}

TEST_F(ClientTls, TrustsNobodyElse) {
  Peer peer(introduce, server_tls("IP:127.0.0.1"));
  for (const auto& ca : {std::string(), Authority().pem()}) {
    const auto answer = get({.tls = {.ca_pem = ca}}, peer.url("/"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::server);
    EXPECT_THAT(answer.error().help, HasSubstr("certificate authority"));
  }
}

TEST_F(ClientTls, TrustsTheAuthoritiesOfTheEnvironment) {
  Peer peer(introduce, server_tls("IP:127.0.0.1"));
  const TempDir dir;
  const auto file = dir.path() / "ca.pem";
  std::ofstream(file) << authority_.pem();
  ::setenv("SSL_CERT_FILE", file.c_str(), 1);
  EXPECT_TRUE(get({}, peer.url("/")));
  EXPECT_FALSE(get({.tls = {.ca_pem = Authority().pem()}}, peer.url("/")))
      << "where it is said whom to trust, nobody else is";
  ::unsetenv("SSL_CERT_FILE");
  EXPECT_FALSE(get({}, peer.url("/")));
}

TEST_F(ClientTls, TheCertificateMustBeForTheHost) {
  Peer peer(introduce, server_tls("DNS:other.test"));
  const auto answer = get({.tls = {.ca_pem = authority_.pem()}}, peer.url("/"));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().help, HasSubstr("host name"));
}

TEST_F(ClientTls, OrForTheNameGivenInItsPlace) {
  Peer peer(introduce, server_tls("DNS:kube.test"));
  const auto answer = get({.tls = {.ca_pem = authority_.pem(), .server_name = "kube.test"}}, peer.url("/"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, fmt::format("client= sni=kube.test Host: 127.0.0.1:{}", peer.port()));
  EXPECT_FALSE(get({.tls = {.ca_pem = authority_.pem(), .server_name = "kube.prod"}}, peer.url("/")));
}

TEST_F(ClientTls, VerificationCanBeTurnedOff) {
  Peer peer(introduce, server_tls("DNS:other.test"));
  EXPECT_TRUE(get({.tls = {.insecure_skip_verify = true}}, peer.url("/")));
}

TEST_F(ClientTls, ShowsItsCertificate) {
  auto tls = server_tls("IP:127.0.0.1");
  tls.client_ca_pem = authority_.pem();
  Peer peer(introduce, tls);
  const auto me = authority_.issue("system:fluxd", "");
  const auto answer =
      get({.tls = {.ca_pem = authority_.pem(), .client_cert_pem = me.cert_pem, .client_key_pem = Secret(me.key_pem)}},
          peer.url("/"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(answer->body, HasSubstr("client=system:fluxd "));

  const auto refused = get({.tls = {.ca_pem = authority_.pem()}}, peer.url("/"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::server);
  EXPECT_THAT(refused.error().help, HasSubstr("client certificate"));
}

TEST_F(ClientTls, WorksWithServersThatDoNotNegotiateAProtocol) {
  Peer peer(
      [](Wire& wire) {
        while (wire.read_until("\r\n\r\n").ends_with("\r\n\r\n"))
          wire.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      },
      PeerTls{authority_.issue("server", "IP:127.0.0.1"), "", {}});
  const auto client = std::move(*Client::make({.tls = {.ca_pem = authority_.pem()}}));
  std::vector<std::future<Result<ClientResponse>>> answers;
  for (int i = 0; i < 50; ++i)
    answers.push_back(std::async(std::launch::async, [&] { return client->send(bounded(), {.url = peer.url("/")}); }));
  for (auto& answer : answers) EXPECT_EQ(answer.get()->body, "ok");
  EXPECT_LE(peer.connections(), 8);
}

TEST_F(ClientTls, PlainTextInPlaceOfTlsIsExplained) {
  Peer peer([](Wire& wire) { wire.write("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  const auto answer = get({}, fmt::format("https://127.0.0.1:{}/", peer.port()));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().help, HasSubstr("speaks TLS"));
}

/// introduce(), for as long as the client asks.
void introduce_again(Wire& wire) {
  while (wire.read_until("\r\n\r\n").ends_with("\r\n\r\n")) {
    const auto text = "client=" + wire.client_name();
    wire.write(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", text.size(), text));
  }
}

std::shared_ptr<const TlsProfile> profile(TlsOptions options) { return TlsProfile::make(std::move(options)).value(); }

TEST_F(ClientTls, ARequestMayTrustOthersThanItsClient) {
  const Authority another;
  Peer ours(introduce_again, server_tls("IP:127.0.0.1"));
  Peer theirs(introduce_again, PeerTls{another.issue("server", "IP:127.0.0.1"), "", {"http/1.1"}});
  const auto client = Client::make({.tls = {.ca_pem = authority_.pem()}}).value();
  const auto trusts = profile({.ca_pem = another.pem()});
  EXPECT_TRUE(client->send(bounded(), {.url = ours.url("/")}));
  EXPECT_FALSE(client->send(bounded(), {.url = theirs.url("/")}));
  EXPECT_TRUE(client->send(bounded(), {.url = theirs.url("/"), .tls = trusts}));
  EXPECT_FALSE(client->send(bounded(), {.url = ours.url("/"), .tls = trusts})) << "over the connection of the first";
  EXPECT_TRUE(client->send(bounded(), {.url = ours.url("/")}));
}

/// What each of several requests to one server, under TLS profiles of their own, may share.
class ClientTlsProfiles : public ClientTls {
 protected:
  ClientTlsProfiles() {
    tls_.client_ca_pem = authority_.pem();
    me_.ca_pem = authority_.pem();
    const auto me = authority_.issue("me", "");
    me_.client_cert_pem = me.cert_pem;
    me_.client_key_pem = Secret(me.key_pem);
    you_ = me_;
    const auto you = authority_.issue("you", "");
    you_.client_cert_pem = you.cert_pem;
    you_.client_key_pem = Secret(you.key_pem);
  }

  PeerTls tls_ = server_tls("IP:127.0.0.1,DNS:kube.test");
  TlsOptions me_;
  TlsOptions you_;
};

TEST_F(ClientTlsProfiles, DifferentOnesNeverShareAConnection) {
  Peer peer(introduce_again, tls_);
  auto stranger = me_;
  stranger.ca_pem = Authority().pem();
  auto anybody = me_;
  anybody.insecure_skip_verify = true;
  auto named = me_;
  named.server_name = "kube.test";
  auto misnamed = me_;
  misnamed.server_name = "kube.prod";
  const auto client = Client::make({.tls = me_}).value();
  const auto ask = [&](const TlsOptions& options) {
    auto answer = client->send(bounded(), {.url = peer.url("/"), .tls = profile(options)});
    return answer ? answer->body : "refused";
  };
  // Twice, so that there are idle connections and sessions of all of them.
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(ask(me_), "client=me");
    EXPECT_EQ(ask(you_), "client=you");
    EXPECT_EQ(ask(anybody), "client=me");
    EXPECT_EQ(ask(named), "client=me");
    EXPECT_EQ(ask(stranger), "refused");
    EXPECT_EQ(ask(misnamed), "refused");
    EXPECT_EQ(client->send(bounded(), {.url = peer.url("/")})->body, "client=me");
  }
  EXPECT_EQ(peer.connections(), 4 + 2 * 2) << "equal profiles share, and those that were refused tried each time";
}

TEST_F(ClientTlsProfiles, NeitherOverHttp2) {
  tls_.protocols = {"h2"};
  Peer peer(
      [](Wire& wire) {
        Http2 http2(wire);
        while (const auto request = http2.next_request()) http2.answer(*request, wire.client_name());
      },
      tls_);
  const auto client = Client::make({.tls = me_}).value();
  std::vector<std::future<Result<ClientResponse>>> answers;
  const std::shared_ptr<const TlsProfile> profiles[] = {profile(me_), profile(you_)};
  for (std::size_t i = 0; i < 40; ++i)
    answers.push_back(std::async(std::launch::async, [&, i] {
      return client->send(bounded(), {.url = peer.url("/"), .tls = profiles[i % 2]});
    }));
  for (std::size_t i = 0; i < 40; ++i) EXPECT_EQ(answers[i].get()->body, i % 2 == 0 ? "me" : "you");
  EXPECT_EQ(peer.connections(), 2);
}

TEST_F(ClientTls, UnusableMaterialIsFoundWhenTheClientIsMade) {
  const auto me = authority_.issue("me", "");
  const auto other = authority_.issue("other", "");
  const std::pair<ClientOptions, const char*> cases[] = {
      {{.tls = {.ca_pem = "not pem"}}, "authorities"},
      {{.tls = {.client_cert_pem = me.cert_pem}}, "without its key"},
      {{.tls = {.client_key_pem = Secret(me.key_pem)}}, "without its certificate"},
      {{.tls = {.client_cert_pem = "x", .client_key_pem = Secret(me.key_pem)}}, "certificate is not readable"},
      {{.tls = {.client_cert_pem = me.cert_pem, .client_key_pem = Secret("x")}}, "key is not readable"},
      {{.tls = {.client_cert_pem = me.cert_pem, .client_key_pem = Secret(other.key_pem)}}, "does not belong"},
      {{.tls = {.server_name = "not a name"}}, "not a host name"},
      {{.proxy = "gopher://x"}, "proxy"},
  };
  for (const auto& [options, words] : cases) {
    const auto client = Client::make(options);
    ASSERT_FALSE(client) << words;
    EXPECT_EQ(client.error().kind, ErrorKind::user);
    EXPECT_THAT(client.error().message, HasSubstr(words));
    EXPECT_FALSE(client.error().help.empty());
  }
}

TEST_F(ClientTls, GoesThroughAProxyByTunnel) {
  Peer target(introduce, server_tls("DNS:inside.test"));
  std::promise<std::string> asked;
  Peer proxy([&](Wire& wire) {
    asked.set_value(wire.read_until("\r\n\r\n"));
    wire.write("HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n");
    auto inside = Wire::dial(target.port());
    std::jthread back([&] {
      for (auto bytes = inside.read_some(); !bytes.empty() && wire.write(bytes); bytes = inside.read_some()) {
      }
      wire.wake();
    });
    for (auto bytes = wire.read_some(); !bytes.empty() && inside.write(bytes); bytes = wire.read_some()) {
    }
    inside.wake();
  });
  const auto answer =
      get({.tls = {.ca_pem = authority_.pem()}, .proxy = fmt::format("http://me:pw@127.0.0.1:{}", proxy.port())},
          "https://inside.test:6443/");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(answer->body, HasSubstr("sni=inside.test"));
  EXPECT_EQ(answer->headers.get("X-Proxy"), std::nullopt);
  const auto connect = asked.get_future().get();
  EXPECT_THAT(connect, ::testing::StartsWith("CONNECT inside.test:6443 "));
  EXPECT_THAT(connect, HasSubstr("Proxy-Authorization: Basic"));
}

TEST_F(ClientTls, AProxyThatRefusesIsNamedButNotItsPassword) {
  Peer proxy([](Wire& wire) {
    wire.read_until("\r\n\r\n");
    wire.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  });
  const auto answer =
      get({.proxy = fmt::format("http://me:hunter2@127.0.0.1:{}", proxy.port())}, "https://inside.test/");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::server);
  EXPECT_THAT(answer.error().message, HasSubstr("403"));
  EXPECT_THAT(answer.error().message, ::testing::Not(HasSubstr("hunter2")));
}

TEST_F(ClientTls, PlainRequestsAreHandedToTheProxyWhole) {
  Peer proxy([](Wire& wire) {
    const auto line = wire.read_until("\r\n\r\n");
    const auto text = line.substr(0, line.find("\r\n"));
    wire.write(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", text.size(), text));
  });
  const auto answer = get({.proxy = fmt::format("http://127.0.0.1:{}", proxy.port())}, "http://inside.test/x?y=1");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "GET http://inside.test/x?y=1 HTTP/1.1");
}

}  // namespace client_tls_test
}  // namespace flux::http
