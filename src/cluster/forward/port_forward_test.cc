#include "cluster/port_forward.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/socket.h>

#include <filesystem>
#include <fstream>
#include <latch>

#include "base/test_bounded.h"
#include "base/test_temp_dir.h"
#include "base/test_threads.h"
#include "cluster/forward/api_peer_test.h"

namespace flux::cluster {
namespace port_forward_test {

namespace fs = std::filesystem;
using ::testing::AllOf;
using testing::ApiPeer;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Bounded patient() { return Context().with_timeout(std::chrono::seconds(30)); }

LocalConnection dial(std::uint16_t port) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  return LocalConnection(std::move(socket));
}

/// What comes back, up to so many bytes; ends with `!` when the connection was reset.
std::string hear(LocalConnection& connection, std::size_t size) {
  std::string text;
  while (text.size() < size) {
    const auto more = connection.read(patient(), text);
    if (!more) return text + "!";
    if (!*more) break;
  }
  return text;
}

std::string ask(std::uint16_t port, const std::string& text, std::size_t size) {
  auto connection = dial(port);
  if (!connection.write(patient(), text)) return "!";
  return hear(connection, size);
}

class PortForwardTest : public ::testing::Test {
 protected:
  PortForwardTest() {
    sources_.kubeconfig = dir_ / "config";
    query_.ns = "flux";
    std::ofstream(dir_ / "config") << fmt::format(
        "current-context: here\n"
        "contexts: [{{name: here, context: {{cluster: c, user: u}}}}]\n"
        "clusters: [{{name: c, cluster: {{server: '{}'}}}}]\n"
        "users: [{{name: u, user: {{token: t0ken}}}}]\n",
        api_.url());
  }

  Result<std::unique_ptr<PortForward>> open() { return PortForward::open(patient(), sources_, query_); }

  /// Only this form is left.
  void only(TunnelForm form, int status = 400) {
    for (const auto each : {TunnelForm::tunnelled_spdy, TunnelForm::channels, TunnelForm::spdy})
      api_.refuse(each, each == form ? 0 : status);
  }

  ApiPeer api_;
  const TempDir temp_;
  const fs::path dir_ = temp_.path();
  ConfigSources sources_;
  DaemonQuery query_;
};

class EveryForm : public PortForwardTest, public ::testing::WithParamInterface<TunnelForm> {};
INSTANTIATE_TEST_SUITE_P(PortForward, EveryForm,
                         ::testing::Values(TunnelForm::tunnelled_spdy, TunnelForm::channels, TunnelForm::spdy));

TEST_P(EveryForm, leads_connections_into_the_pod_one_after_the_other_and_at_once) {
  // What may not be asked for with GET is asked for with POST.
  only(GetParam(), 403);
  const auto forward = open();
  ASSERT_TRUE(forward) << forward.error().message;
  EXPECT_EQ((*forward)->pod(), "flux-1");
  EXPECT_EQ((*forward)->url(), fmt::format("http://127.0.0.1:{}/api/flux", (*forward)->port()));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask((*forward)->port(), "hello", 12), "flux-1:hello");

  std::latch all_are_there(4);
  std::vector<std::jthread> clients;
  for (int i = 0; i < 4; ++i)
    clients.emplace_back([&, i] {
      auto connection = dial((*forward)->port());
      const auto word = fmt::format("client {}", i);
      EXPECT_TRUE(connection.write(patient(), word));
      EXPECT_EQ(hear(connection, 15), "flux-1:" + word);
      all_are_there.arrive_and_wait();
      EXPECT_TRUE(connection.write(patient(), "again"));
      EXPECT_EQ(hear(connection, 12), "flux-1:again");
    });
  clients.clear();
  EXPECT_FALSE((*forward)->failure());
  if (GetParam() != TunnelForm::channels) {
    EXPECT_EQ(api_.tunnels(GetParam()), 1);
  }
}

TEST_P(EveryForm, says_what_the_node_said) {
  only(GetParam());
  const auto forward = open();
  ASSERT_TRUE(forward) << forward.error().message;
  ask((*forward)->port(), "x", 8);
  api_.break_pods("dial 127.0.0.1:3030: connection refused");
  EXPECT_EQ(ask((*forward)->port(), "hello", 1), "!");
  ASSERT_TRUE((*forward)->failure());
  EXPECT_THAT((*forward)->failure()->message, HasSubstr("dial 127.0.0.1:3030: connection refused"));
  api_.break_pods("");
  EXPECT_EQ(ask((*forward)->port(), "hello", 12), "flux-1:hello");
  EXPECT_FALSE((*forward)->failure());
}

TEST_P(EveryForm, a_dropped_tunnel_breaks_its_connections_and_is_opened_again) {
  only(GetParam());
  const auto forward = open();
  ASSERT_TRUE(forward);
  auto connection = dial((*forward)->port());
  ASSERT_TRUE(connection.write(patient(), "hello"));
  EXPECT_EQ(hear(connection, 12), "flux-1:hello");
  api_.cut_all();
  hear(connection, 1);
  EXPECT_EQ(ask((*forward)->port(), "hello", 12), "flux-1:hello");
}

TEST_P(EveryForm, follows_the_daemon_to_another_pod_and_says_when_there_is_none) {
  only(GetParam());
  const auto forward = open();
  ASSERT_TRUE(forward);
  EXPECT_EQ(ask((*forward)->port(), "hello", 12), "flux-1:hello");
  api_.set_pods({{.name = "flux-2"}});
  api_.cut_all();
  EXPECT_EQ(ask((*forward)->port(), "hello", 12), "flux-2:hello");
  EXPECT_EQ((*forward)->pod(), "flux-2");
  api_.set_pods({});
  api_.cut_all();
  EXPECT_EQ(ask((*forward)->port(), "hello", 1), "!");
  ASSERT_TRUE((*forward)->failure());
  EXPECT_THAT((*forward)->failure()->message,
              AllOf(StartsWith("Pod flux-2 in namespace \"flux\""), HasSubstr("is gone: No pod found in namespace")));
}

TEST_P(EveryForm, its_end_ends_what_is_under_way) {
  only(GetParam());
  auto forward = open();
  ASSERT_TRUE(forward);
  auto connection = dial((*forward)->port());
  ASSERT_TRUE(connection.write(patient(), "hello"));
  EXPECT_EQ(hear(connection, 12), "flux-1:hello");
  forward->reset();
  EXPECT_THAT(hear(connection, 1), ::testing::AnyOf("", "!"));
}

TEST_F(PortForwardTest, errors_are_in_the_words_of_the_contract) {
  using Pods = std::vector<ApiPeer::PodRow>;
  const struct {
    const char* what;
    Pods pods;
    int refuse_lists;
    int refuse_tunnels;
    std::string message;
  } rows[] = {
      {"none", {}, 0, 0, "No pod found in namespace \"flux\" using the following selectors:\n  app=flux\n  name in ("},
      {"several",
       {{.name = "flux-1"}, {.name = "flux-2"}},
       0,
       0,
       "Could not create a dialer: Could not get pod name: Ambiguous pod: found more than one pod for selector: labels "
       "\"app=flux\""},
      {"lists refused", {}, 403, 0, "Could not create a dialer: Could not get pod name: Listing pods in kubernetes: "},
      {"nobody known", {}, 401, 0, "Could not create a dialer: Could not get pod name: Listing pods in kubernetes: "},
      {"tunnels refused", {{}}, 0, 403, "Could not create port forward: forwarding to pod flux-1 in namespace flux: "},
  };
  for (const auto& row : rows) {
    api_.set_pods(row.pods);
    api_.refuse_lists(row.refuse_lists);
    only(TunnelForm::spdy, row.refuse_tunnels);
    api_.refuse(TunnelForm::spdy, row.refuse_tunnels);
    const auto forward = open();
    ASSERT_FALSE(forward) << row.what;
    EXPECT_THAT(forward.error().message, StartsWith(row.message)) << row.what;
    EXPECT_THAT(forward.error().message, Not(HasSubstr("t0ken")));
    if (row.refuse_lists == 401) {
      EXPECT_THAT(forward.error().help, HasSubstr("credentials of your kubeconfig"));
    }
    if (row.refuse_lists == 403 || row.refuse_tunnels == 403) {
      EXPECT_THAT(forward.error().help, HasSubstr("create pods/portforward in namespace flux"));
    }
  }
}

TEST_F(PortForwardTest, a_wrong_configuration_is_named_before_anything_is_asked) {
  sources_.context = "nowhere";
  auto forward = open();
  ASSERT_FALSE(forward);
  EXPECT_THAT(forward.error().message, StartsWith("Could not load kubernetes configuration file: context \"nowhere\""));
  sources_ = {};
  sources_.service_account = dir_;
  forward = open();
  ASSERT_FALSE(forward);
  EXPECT_THAT(forward.error().message, StartsWith("Could not load kubernetes configuration file: "));
}

TEST_F(PortForwardTest, a_connection_without_a_thread_is_reset_and_the_next_one_is_served) {
  const auto forward = open().value();
  {
    const NoMoreThreads none;
    EXPECT_EQ(ask(forward->port(), "one", 3), "!");
    ASSERT_TRUE(forward->failure());
    EXPECT_THAT(forward->failure()->message, HasSubstr("forwarding a connection: no thread can be started"));
  }
  EXPECT_EQ(ask(forward->port(), "two", 10), "flux-1:two");
  EXPECT_FALSE(forward->failure());
}

}  // namespace port_forward_test
}  // namespace flux::cluster
