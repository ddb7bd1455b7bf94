#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <map>

#include "base/test_bounded.h"
#include "base/test_log.h"
#include "base/test_temp_dir.h"
#include "images/credentials/azure.h"
#include "images/credentials/google.h"

namespace flux::images {
namespace google_azure_test {

using ::testing::HasSubstr;
using ::testing::Not;

class Clouds : public ::testing::Test {
 protected:
  Result<http::ClientResponse> answer(const http::ClientRequest& request) {
    requests.push_back(request);
    const auto at = answers.find(request.url);
    if (at == answers.end()) return fail(ErrorKind::server, "connection refused");
    return http::ClientResponse{at->second.first, {}, at->second.second, request.url};
  }
  Google google() {
    return {send, environment, log.log(), [this] { return now; }};
  }
  Azure azure() {
    return {send, environment, dir.path() / "azure.json", log.log(), [this] { return now; }};
  }
  void write(const std::string& name, const std::string& text) { std::ofstream(dir.path() / name) << text; }

  static constexpr auto* kGoogle =
      "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token";
  const TempDir dir;
  std::map<std::string, std::string> env;
  std::map<std::string, std::pair<int, std::string>> answers;  // by URL
  std::vector<http::ClientRequest> requests;
  Timestamp now = parse_timestamp("2026-01-01T00:00:00Z").value();
  KeptLog log;
  const SendRequest send = [this](const Bounded&, const http::ClientRequest& request) { return answer(request); };
  const Environment environment = [this](const std::string& name) {
    const auto at = env.find(name);
    return at == env.end() ? std::string() : at->second;
  };
};

TEST_F(Clouds, HaveRegistriesOfTheirOwn) {
  for (const auto* host : {"gcr.io", "eu.gcr.io", "europe-west1-docker.pkg.dev"}) EXPECT_TRUE(is_google_registry(host));
  for (const auto* host : {"k8sgcr.io", "gcr.io.evil.org", "pkg.dev", "docker.pkg.dev", "x.azurecr.io"})
    EXPECT_FALSE(is_google_registry(host)) << host;
  for (const auto* host : {"x.azurecr.io", "x.azurecr.cn", "x.azurecr.de", "x.azurecr.us"})
    EXPECT_TRUE(is_azure_registry(host)) << host;
  for (const auto* host : {"azurecr.io", "xazurecr.io", "x.azurecr.io.evil.org", "gcr.io"})
    EXPECT_FALSE(is_azure_registry(host)) << host;
}

TEST_F(Clouds, GoogleGivesATokenThatIsKeptUntilShortlyBeforeItExpires) {
  answers[kGoogle] = {200, R"({"access_token":"first","expires_in":3599,"token_type":"Bearer"})"};
  auto one = google();
  EXPECT_EQ(one.credential(bounded()), (Credential{"oauth2accesstoken", Secret("first"), "Google's metadata server"}));
  EXPECT_EQ(requests.at(0).headers.get("Metadata-Flavor"), "Google");
  answers[kGoogle] = {200, R"({"access_token":"second","expires_in":3599})"};
  now += std::chrono::minutes(57);
  EXPECT_EQ(one.credential(bounded())->password, Secret("first"));
  now += std::chrono::minutes(1);
  EXPECT_EQ(one.credential(bounded())->password, Secret("second"));
  EXPECT_EQ(requests.size(), 2U);
}

TEST_F(Clouds, GooglesMetadataServerCanBeElsewhere) {
  env["GCE_METADATA_HOST"] = "127.0.0.1:8080";
  answers["http://127.0.0.1:8080/computeMetadata/v1/instance/service-accounts/default/token"] = {
      200, R"({"access_token":"t"})"};
  EXPECT_EQ(google().credential(bounded())->password, Secret("t"));
}

TEST_F(Clouds, WithoutGoogleItsRegistriesAreAskedAsAnybody) {
  const std::pair<int, std::string> bad[] = {{404, "hidden"}, {200, "hidden"}, {200, R"({"access_token":""})"}};
  for (const auto& one : bad) {
    answers[kGoogle] = one;
    EXPECT_EQ(google().credential(bounded()), std::nullopt);
  }
  EXPECT_THAT(log.text(), Not(HasSubstr("hidden")));
  requests.clear();
  auto one = google();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(one.credential(bounded()), std::nullopt);
    now += std::chrono::minutes(2);
  }
  EXPECT_EQ(requests.size(), 1U) << "a server that is not there is not asked each time";
}

TEST_F(Clouds, GooglesTokenOutlivesAnOutage) {
  answers[kGoogle] = {200, R"({"access_token":"first","expires_in":600})"};
  auto one = google();
  ASSERT_TRUE(one.credential(bounded()));
  answers.clear();
  now += std::chrono::minutes(9);
  EXPECT_EQ(one.credential(bounded())->password, Secret("first"));
  now += std::chrono::minutes(6);
  EXPECT_EQ(one.credential(bounded()), std::nullopt);
}

TEST_F(Clouds, AzureHasTheSecretOfItsFile) {
  EXPECT_EQ(azure().credential(bounded(), "x.azurecr.io"), std::nullopt);
  write("azure.json", R"({"aadClientId":"me","aadClientSecret":"pw","tenantId":"t"})");
  const auto found = azure().credential(bounded(), "x.azurecr.io");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user, "me");
  EXPECT_EQ(found->password, Secret("pw"));
  EXPECT_TRUE(requests.empty());
  write("azure.json", "hidden");
  EXPECT_EQ(azure().credential(bounded(), "x.azurecr.io"), std::nullopt);
  EXPECT_THAT(log.text(), HasSubstr("azure.json is no JSON object"));
  EXPECT_THAT(log.text(), Not(HasSubstr("hidden")));
}

TEST_F(Clouds, AzureExchangesAManagedIdentity) {
  write("azure.json",
        R"({"aadClientId":"msi","aadClientSecret":"msi","tenantId":"ten","useManagedIdentityExtension":true,
                          "userAssignedIdentityID":"id/1"})");
  answers
      ["http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&"
       "resource=https%3A%2F%2Fmanagement.azure.com%2F&client_id=id%2F1"] = {200, R"({"access_token":"a+t"})"};
  answers["https://x.azurecr.io/oauth2/exchange"] = {200, R"({"refresh_token":"first"})"};
  auto one = azure();
  EXPECT_EQ(one.credential(bounded(), "x.azurecr.io"),
            (Credential{"00000000-0000-0000-0000-000000000000", Secret("first"), "the Azure managed identity"}));
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].headers.get("Metadata"), "true");
  EXPECT_EQ(requests[1].method, "POST");
  EXPECT_EQ(requests[1].body, "grant_type=access_token&service=x.azurecr.io&access_token=a%2Bt&tenant=ten");
  answers["https://x.azurecr.io/oauth2/exchange"] = {200, R"({"refresh_token":"second"})"};
  now += std::chrono::minutes(59);
  EXPECT_EQ(one.credential(bounded(), "x.azurecr.io")->password, Secret("first"));
  now += std::chrono::minutes(2);
  EXPECT_EQ(one.credential(bounded(), "x.azurecr.io")->password, Secret("second"));
}

TEST_F(Clouds, AzureExchangesAWorkloadIdentity) {
  write("jwt", "federated");
  env = {{"AZURE_FEDERATED_TOKEN_FILE", dir.path() / "jwt"},
         {"AZURE_CLIENT_ID", "client"},
         {"AZURE_TENANT_ID", "ten"},
         {"AZURE_AUTHORITY_HOST", "https://login.example.org"}};
  answers["https://login.example.org/ten/oauth2/v2.0/token"] = {200, R"({"access_token":"at"})"};
  answers["https://x.azurecr.cn/oauth2/exchange"] = {200, R"({"refresh_token":"rt"})"};
  EXPECT_EQ(azure().credential(bounded(), "x.azurecr.cn")->password, Secret("rt"));
  EXPECT_THAT(requests.at(0).body,
              HasSubstr("client_id=client&scope=https%3A%2F%2Fmanagement.chinacloudapi.cn%2F.default"));
  EXPECT_THAT(requests.at(0).body, HasSubstr("&client_assertion=federated"));
}

TEST_F(Clouds, ARegistryThatRefusesAnIdentityIsLeftAloneForFiveMinutes) {
  write("azure.json", R"({"useManagedIdentityExtension":true})");
  answers
      ["http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&"
       "resource=https%3A%2F%2Fmanagement.azure.com%2F"] = {200, R"({"access_token":"hidden"})"};
  answers["https://x.azurecr.io/oauth2/exchange"] = {403, "hidden"};
  auto one = azure();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(one.credential(bounded(), "x.azurecr.io"), std::nullopt);
    now += std::chrono::minutes(2);
  }
  EXPECT_EQ(requests.size(), 2U);
  EXPECT_THAT(log.text(), HasSubstr("exchanging the Azure managed identity at x.azurecr.io: HTTP 403"));
  EXPECT_THAT(log.text(), Not(HasSubstr("hidden")));
}

}  // namespace google_azure_test
}  // namespace flux::images
