#include "daemon/cluster_contact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "cluster/scripted_transport.h"

namespace flux::daemon {
namespace cluster_contact_test {

using cluster::respond;
using cluster::ScriptedTransport;
using ::testing::HasSubstr;

/// The page that probes get, when the server answers with what is given; nothing: never.
struct Asked {
  explicit Asked(std::optional<ScriptedTransport::Answer> answer)
      : transport(std::make_shared<ScriptedTransport>([answer = std::move(answer)](const auto&) { return answer; })) {
    EXPECT_TRUE(contact.start(bounded()));
  }
  std::shared_ptr<ScriptedTransport> transport;
  std::unique_ptr<cluster::Client> client = cluster::scripted_client(transport);
  ClusterContact contact{*client};
};

constexpr Duration kLong = std::chrono::minutes(1);

TEST(ClusterContactTest, TellsWhetherTheClusterCanBeUsed) {
  struct Row {
    int status;
    const char* says;  ///< empty: it is there
  };
  // 403 and 404: there, but an old one, or one that shows the page to nobody.
  for (const auto& [status, says] : {Row{200, ""}, Row{403, ""}, Row{404, ""}, Row{401, "401"}, Row{500, "500"}}) {
    Asked asked(respond(status, "etcd failed"));
    const auto away = cluster_away(asked.contact.ask(kLong), Clock::now());
    EXPECT_EQ(away.has_value(), *says != '\0') << status;
    EXPECT_THAT(away ? away->message : "", HasSubstr(*says == '\0' ? "" : "the API server cannot be used: "));
    EXPECT_EQ(asked.contact.last().answered.has_value(), *says == '\0') << status;
    EXPECT_TRUE(asked.transport->requests().back().url.ends_with("/readyz"));
  }
}

TEST(ClusterContactTest, SilenceKeepsNobodyWaiting) {
  Asked asked(std::nullopt);
  const auto began = Clock::now();
  const auto heard = asked.contact.ask(std::chrono::milliseconds(1));
  EXPECT_LT(Clock::now() - began, std::chrono::seconds(2));  // a question is given up after five
  EXPECT_TRUE(heard.waiting);
  const auto away = cluster_away(heard, Clock::now());
  ASSERT_TRUE(away);
  EXPECT_EQ(away->message, "the API server does not answer");
}

TEST(ClusterContactTest, ManyWhoAskAreOneQuestion) {
  Asked asked(respond(200, "ok"));
  for (int i = 0; i < 10; ++i) (void)asked.contact.ask(kLong);
  EXPECT_EQ(asked.transport->requests().size(), 1U);
}

TEST(ClusterContactTest, NobodyIsAskedBeforeTheStart) {
  auto transport = std::make_shared<ScriptedTransport>([](const auto&) { return respond(500, ""); });
  const auto client = cluster::scripted_client(transport);
  ClusterContact contact(*client);
  EXPECT_FALSE(cluster_away(contact.ask(kLong), Clock::now()));
  EXPECT_TRUE(transport->requests().empty());
}

}  // namespace cluster_contact_test
}  // namespace flux::daemon
