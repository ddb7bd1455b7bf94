#include "daemon/webhooks.h"

#include <gmock/gmock.h>

#include "base/test_log.h"

namespace flux::daemon {
namespace webhooks_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kPush =
    R"({"docker_url":"quay.io/shop/cart","updated_tags":["1.2"],"name":"cart","namespace":"shop"})";

class WebhooksTest : public ::testing::Test {
 protected:
  http::ServerResponse post(const std::string& path, const std::string& body, const std::string& token = "s3cret",
                            const std::string& method = "POST") {
    http::ServerRequest request;
    request.method = method;
    request.path = path;
    request.target = path + "?token=" + token;
    request.query = {{"token", token}};
    request.body = body;
    if (!handler) handler = make();
    return handler(Context(), request);
  }
  http::Handler make() {
    return webhook_handler({[this] { return secret; },
                            [this](const ImageRef& image) {
                              noticed.push_back(image.to_string());
                              return image.path == "shop/cart";
                            },
                            metrics, log.log()});
  }

  Secret secret{"s3cret"};
  std::vector<std::string> noticed;
  metrics::Metrics metrics;
  KeptLog log;
  http::Handler handler;
};

TEST_F(WebhooksTest, LooksForWhatWasPushed) {
  const auto answer = post("/hooks/quay", kPush);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  EXPECT_THAT(noticed, ElementsAre("quay.io/shop/cart:1.2"));
  EXPECT_THAT(log.text(),
              HasSubstr(R"(info="a webhook tells of an image in use" source=quay image=quay.io/shop/cart:1.2)"));
  EXPECT_THAT(metrics.exposition(), HasSubstr(R"(flux_daemon_webhooks_total{outcome="scanned",source="quay"} 1)"));
}

TEST_F(WebhooksTest, IgnoresWhatIsNotInUse) {
  EXPECT_EQ(post("/hooks/quay", R"({"docker_url":"quay.io/shop/other","updated_tags":["1"]})").status, 200);
  EXPECT_EQ(post("/hooks/harbor", R"({"type":"PULL_ARTIFACT"})").status, 200);
  EXPECT_THAT(log.text(), IsEmpty());
  EXPECT_THAT(metrics.exposition(), HasSubstr(R"(flux_daemon_webhooks_total{outcome="ignored",source="quay"} 1)"));
  EXPECT_THAT(metrics.exposition(), HasSubstr(R"(flux_daemon_webhooks_total{outcome="ignored",source="harbor"} 1)"));
}

TEST_F(WebhooksTest, TellsOfOneFailureOfAKind) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(post("/hooks/quay", kPush, "wr0ng").status, 401);
  EXPECT_THAT(noticed, IsEmpty());
  const auto lines = [&] { return std::ranges::count(log.text(), '\n'); };
  EXPECT_EQ(lines(), 1);
  EXPECT_EQ(post("/hooks/quay", "{").status, 400);
  EXPECT_EQ(lines(), 2);
  EXPECT_EQ(post("/hooks/quay", kPush).status, 200);
  EXPECT_EQ(post("/hooks/quay", kPush, "wr0ng").status, 401);
  EXPECT_EQ(lines(), 4) << log.text();
  EXPECT_THAT(log.text(), Not(HasSubstr("s3cret")));
  EXPECT_THAT(log.text(), Not(HasSubstr("wr0ng")));
  EXPECT_THAT(metrics.exposition(), HasSubstr(R"(flux_daemon_webhooks_total{outcome="refused",source="quay"} 4)"));
  EXPECT_THAT(metrics.exposition(), HasSubstr(R"(flux_daemon_webhooks_total{outcome="invalid",source="quay"} 1)"));
}

TEST_F(WebhooksTest, SaysWhichWebhooksThereAre) {
  for (const auto* path : {"/hooks", "/hooks/", "/hooks/nexus", "/hooks/quay/", "/hooks/quay/s3cret"}) {
    const auto answer = post(path, kPush);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_THAT(answer.body, HasSubstr("/hooks/dockerhub, /hooks/quay,")) << path;
  }
  const auto answer = post("/hooks/quay", kPush, "s3cret", "GET");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.headers.get("Allow"), "POST");
}

TEST_F(WebhooksTest, AreNotThereWithoutASecret) {
  secret = Secret();
  for (const auto* token : {"", "s3cret"}) {
    const auto answer = post("/hooks/quay", kPush, token);
    EXPECT_EQ(answer.status, 404);
    EXPECT_THAT(answer.body, HasSubstr("--webhook-secret-file"));
  }
  EXPECT_THAT(noticed, IsEmpty());
  handler = webhook_handler({{}, {}, metrics, log.log()});
  EXPECT_EQ(post("/hooks/quay", kPush, "").status, 404);
}

TEST_F(WebhooksTest, FollowTheirSecret) {
  EXPECT_EQ(post("/hooks/quay", kPush).status, 200);
  secret = Secret("another");
  EXPECT_EQ(post("/hooks/quay", kPush).status, 401);
  EXPECT_EQ(post("/hooks/quay", kPush, "another").status, 200);
}

TEST_F(WebhooksTest, QuoteLittleOfWhatIsWrong) {
  EXPECT_EQ(post("/hooks/harbor", R"({"type":"pushImage","event_data":{"resources":[{"resource_url":"/)" +
                                      std::string(100'000, 'x') + R"("}]}})")
                .status,
            400);
  EXPECT_LT(log.text().size(), 2000U);
}

TEST(WebhookPathTest, IsOneSegment) {
  for (const auto* path : {"/hooks", "/hooks/", "/hooks/quay"}) EXPECT_TRUE(is_webhook(path)) << path;
  for (const auto* path : {"/", "/hook", "/hooksy", "/api/flux/hooks", "hooks", ""})
    EXPECT_FALSE(is_webhook(path)) << path;
}

}  // namespace webhooks_test
}  // namespace flux::daemon
