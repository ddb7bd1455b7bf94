#include "cluster/deploy_key.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/test_bounded.h"
#include "cluster/scripted_transport.h"

namespace flux::cluster {
namespace deploy_key_test {

TEST(DeployKey, is_stored_under_the_data_key_and_nothing_else_is_touched) {
  auto transport = std::make_shared<ScriptedTransport>([](const auto&) { return respond(200); });
  const auto client = scripted_client(transport);
  const auto stored =
      store_deploy_key(bounded(), *client, "flux", "flux-git-deploy", "id_custom", {Secret("priv"), "pub\n"});
  ASSERT_TRUE(stored) << stored.error().message;
  const auto requests = transport->requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].method, "PATCH");
  EXPECT_TRUE(requests[0].url.starts_with("https://api.test/api/v1/namespaces/flux/secrets/flux-git-deploy"));
  EXPECT_EQ(requests[0].headers.get("Content-Type"), "application/strategic-merge-patch+json");
  EXPECT_EQ(parse_sorted_json(requests[0].body).value(),
            parse_sorted_json(R"({"data":{"id_custom":"cHJpdg==","id_custom.pub":"cHViCg=="}})").value());
}

TEST(DeployKey, a_refused_write_says_what_to_do_and_does_not_show_the_key) {
  const struct {
    int status;
    std::string help;
  } rows[] = {{404, "create secret generic flux-git-deploy"}, {403, "patch the secret flux-git-deploy"}};
  for (const auto& row : rows) {
    auto transport = std::make_shared<ScriptedTransport>(
        [&](const auto&) { return respond(row.status, R"({"kind":"Status","message":"no way"})"); });
    const auto client = scripted_client(transport);
    const auto stored =
        store_deploy_key(bounded(), *client, "flux", "flux-git-deploy", "identity", {Secret("hunter2"), "pub\n"});
    ASSERT_FALSE(stored);
    EXPECT_NE(stored.error().message.find("no way"), std::string::npos);
    EXPECT_NE(stored.error().help.find(row.help), std::string::npos) << stored.error().help;
    EXPECT_EQ((stored.error().message + stored.error().help).find("hunter2"), std::string::npos);
    EXPECT_EQ((stored.error().message + stored.error().help).find("aHVudGVyMg"), std::string::npos);
  }
}

TEST(DeployKey, is_read_where_there_is_one) {
  const struct {
    std::string body;
    std::string key;
  } rows[] = {
      {R"({"data":{"identity":"cHJpdg==","other":"eA=="}})", "priv"},
      {R"({"data":{"other":"eA=="}})", ""},
      {R"({"data":null})", ""},
      {R"({"metadata":{}})", ""},
  };
  for (const auto& row : rows) {
    auto transport = std::make_shared<ScriptedTransport>([&](const auto&) { return respond(200, row.body); });
    const auto client = scripted_client(transport);
    const auto key = read_deploy_key(bounded(), *client, "flux", "flux-git-deploy", "identity");
    ASSERT_TRUE(key) << row.body;
    EXPECT_EQ(key->reveal(), row.key);
  }
}

TEST(DeployKey, a_secret_that_holds_no_base64_is_an_error_that_does_not_quote_it) {
  auto transport = std::make_shared<ScriptedTransport>(
      [](const auto&) { return respond(200, R"({"data":{"identity":"hunter2 !"}})"); });
  const auto client = scripted_client(transport);
  const auto key = read_deploy_key(bounded(), *client, "flux", "flux-git-deploy", "identity");
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().message.find("hunter2"), std::string::npos);
}

}  // namespace deploy_key_test
}  // namespace flux::cluster
