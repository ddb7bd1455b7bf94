#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <map>

#include "base/base64.h"
#include "base/test_bounded.h"
#include "base/test_log.h"
#include "base/test_temp_dir.h"
#include "images/credentials/ecr.h"

namespace flux::images {
namespace aws_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr auto* kSts =
    R"(<AssumeRoleResponse><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
<SessionToken>sts-token</SessionToken><Expiration>2026-01-01T01:00:00Z</Expiration></Credentials></AssumeRoleResponse>)";

/// Amazon, and the machine that we run on.
class Aws : public ::testing::Test {
 protected:
  Aws() { env["HOME"] = dir.path(); }

  Result<http::ClientResponse> answer(http::ClientRequest request) {
    requests.push_back(request);
    const auto at = answers.find(request.method + " " + request.url);
    if (at == answers.end()) return fail(ErrorKind::server, "connection refused");
    return http::ClientResponse{at->second.first, {}, at->second.second, request.url};
  }
  std::string write(const std::string& name, const std::string& text) {
    const auto file = dir.path() / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return file;
  }
  void instance(const std::string& path, const std::string& body) {
    answers["PUT http://169.254.169.254/latest/api/token"] = {200, "imds-token"};
    answers["GET http://169.254.169.254/latest/meta-data/" + path] = {200, body};
  }
  void tokens(const std::string& region, const std::vector<std::string>& accounts, const std::string& password,
              std::chrono::seconds life = std::chrono::hours(12)) {
    std::string data;
    for (const auto& account : accounts)
      data += fmt::format(
          R"({}{{"authorizationToken":"{}","expiresAt":{}.5,"proxyEndpoint":"https://{}.dkr.ecr.{}.amazonaws.com"}})",
          data.empty() ? "" : ",", encode_base64("AWS:" + password),
          std::chrono::duration_cast<std::chrono::seconds>((now + life).time_since_epoch()).count(), account, region);
    answers["POST https://api.ecr." + region + ".amazonaws.com/"] = {200, R"({"authorizationData":[)" + data + "]}"};
  }
  [[nodiscard]] std::size_t asked(const std::string& part) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(requests, [&](const auto& one) { return one.url.find(part) != std::string::npos; }));
  }

  Ecr ecr(EcrScope scope) {
    return Ecr(std::move(scope), send, environment, log.log(), [this] { return now; });
  }
  AwsSession session() {
    return AwsSession(send, environment, [this] { return now; });
  }

  const TempDir dir;
  std::map<std::string, std::string> env;
  std::map<std::string, std::pair<int, std::string>> answers;  // by method and URL
  std::vector<http::ClientRequest> requests;
  Timestamp now = parse_timestamp("2026-01-01T00:00:00Z").value();
  KeptLog log;
  const SendRequest send = [this](const Bounded&, http::ClientRequest request) { return answer(std::move(request)); };
  const Environment environment = [this](const std::string& name) {
    const auto at = env.find(name);
    return at == env.end() ? std::string() : at->second;
  };
};

TEST_F(Aws, HostsOfEcrNameAccountAndRegion) {
  using Kind = EcrHost::Kind;
  const struct {
    const char* host;
    Kind kind;
    const char* account;
    const char* region;
  } rows[] = {
      {"123.dkr.ecr.eu-west-1.amazonaws.com", Kind::registry, "123", "eu-west-1"},
      {"123.dkr.ecr.cn-north-1.amazonaws.com.cn", Kind::registry, "123", "cn-north-1"},
      {"123.dkr.s3.eu-west-1.amazonaws.com", Kind::odd, "", ""},
      {"dkr.ecr.eu-west-1.amazonaws.com", Kind::odd, "", ""},
      {"123.dkr.ecr-fips.us-east-1.amazonaws.com", Kind::odd, "", ""},
      {"amazonaws.com", Kind::other, "", ""},
      {"public.ecr.aws", Kind::other, "", ""},
      {"123.dkr.ecr.eu-west-1.amazonaws.com.evil.io", Kind::other, "", ""},
  };
  for (const auto& row : rows) {
    const auto host = parse_ecr_host(row.host);
    EXPECT_EQ(host.kind, row.kind) << row.host;
    EXPECT_EQ(host.account, row.account) << row.host;
    EXPECT_EQ(host.region, row.region) << row.host;
  }
}

TEST_F(Aws, ProfilesAreSectionsOfTheSharedFiles) {
  const Secret credentials("[default]\naws_access_key_id=A\n# x=y\n\n [other]\nnested\n[p q]\r\nKey = v = w \r\n");
  EXPECT_EQ(setting(parse_aws_profile(credentials, "default", false), "aws_access_key_id"), Secret("A"));
  EXPECT_EQ(setting(parse_aws_profile(credentials, "p q", false), "key"), Secret("v = w"));
  EXPECT_THAT(parse_aws_profile(credentials, "nobody", false), IsEmpty());
  const Secret config("[profile dev]\nregion = eu-west-1\ns3 =\n  region = nested\n[dev2]\nregion=2\n");
  EXPECT_EQ(setting(parse_aws_profile(config, "dev", true), "region"), Secret("eu-west-1"));
}

TEST_F(Aws, KeysComeFromTheFirstOfTheStandardPlaces) {
  const struct {
    const char* name;
    std::function<void()> given;
    const char* id;
    const char* from;
  } rows[] = {
      {"instance",
       [&] {
         requests.clear();
         instance("iam/security-credentials/", "node\n");
         instance(
             "iam/security-credentials/node",
             R"({"Code":"Success","AccessKeyId":"INST","SecretAccessKey":"s","Token":"t","Expiration":"2026-01-01T06:00:00Z"})");
       },
       "INST", "instance role node"},
      {"container",
       [&] {
         env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials";
         env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = write("pod-token", "pod identity\n");
         answers["GET http://169.254.170.23/v1/credentials"] = {
             200, R"({"AccessKeyId":"CONT","SecretAccessKey":"s","Token":"t","Expiration":"2026-01-01T06:00:00Z"})"};
       },
       "CONT", "container"},
      {"shared file",
       [&] { write(".aws/credentials", "[default]\naws_access_key_id=FILE\naws_secret_access_key=s\n"); }, "FILE",
       "profile default"},
      {"profile",
       [&] {
         env["AWS_PROFILE"] = "dev";
         env["AWS_CONFIG_FILE"] = write("config", "[profile dev]\naws_access_key_id=PROF\naws_secret_access_key=s\n");
       },
       "PROF", "profile dev"},
      {"role of a profile",
       [&] {
         write("config", "[profile dev]\nrole_arn=arn:r\nsource_profile=default\nregion=eu-west-1\n");
         answers["POST https://sts.eu-west-1.amazonaws.com/"] = {200, kSts};
       },
       "ASIA", "role arn:r"},
      {"web identity",
       [&] {
         env["AWS_WEB_IDENTITY_TOKEN_FILE"] = write("token", "jwt\n");
         env["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/flux";
         env["AWS_REGION"] = "eu-west-1";
       },
       "ASIA", "role arn:aws:iam::1:role/flux"},
      {"environment",
       [&] {
         env["AWS_ACCESS_KEY_ID"] = "ENV";
         env["AWS_SECRET_ACCESS_KEY"] = "s";
       },
       "ENV", "environment"},
  };
  EXPECT_FALSE(session().keys(bounded()));
  for (const auto& row : rows) {
    row.given();
    const auto keys = session().keys(bounded());
    ASSERT_TRUE(keys) << row.name << ": " << keys.error().message;
    EXPECT_EQ(keys->id, row.id) << row.name;
    EXPECT_THAT(keys->from, HasSubstr(row.from)) << row.name;
  }
  for (const auto& request : requests) {
    if (request.url.ends_with("/v1/credentials")) {
      EXPECT_EQ(request.authorization, Secret("pod identity"));
    }
    if (request.body.starts_with("Action=AssumeRoleWithWebIdentity")) {
      EXPECT_FALSE(request.signer);
      EXPECT_THAT(
          request.body,
          HasSubstr("&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fflux&RoleSessionName=fluxd&WebIdentityToken=jwt"));
    }
    if (request.body.starts_with("Action=AssumeRole&")) {
      ASSERT_TRUE(request.signer);
      EXPECT_EQ(request.signer->key_id, "FILE");
      EXPECT_EQ(request.signer->service, "sts");
    }
  }
}

TEST_F(Aws, WhatIsConfiguredButFailsIsAnErrorWithoutSecrets) {
  env["AWS_WEB_IDENTITY_TOKEN_FILE"] = write("token", "hidden-jwt");
  env["AWS_ROLE_ARN"] = "arn:r";
  env["AWS_REGION"] = "eu-west-1";
  answers["POST https://sts.eu-west-1.amazonaws.com/"] = {
      403, "<Error><Code>AccessDenied</Code><Message>not with hidden-jwt</Message></Error>"};
  const auto keys = session().keys(bounded());
  ASSERT_FALSE(keys);
  EXPECT_THAT(keys.error().message, HasSubstr("arn:r: HTTP 403 AccessDenied: not with"));
  EXPECT_THAT(keys.error().message, Not(HasSubstr("hidden")));
  EXPECT_EQ(asked("169.254"), 0U);

  env = {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://evil.example.org/"},
         {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "hidden"}};
  EXPECT_FALSE(session().keys(bounded()));
  EXPECT_EQ(asked("evil"), 0U);
}

TEST_F(Aws, KeysAreKeptUntilShortlyBeforeTheyExpire) {
  env["AWS_WEB_IDENTITY_TOKEN_FILE"] = write("token", "jwt");
  env["AWS_ROLE_ARN"] = "arn:r";
  env["AWS_REGION"] = "eu-west-1";
  answers["POST https://sts.eu-west-1.amazonaws.com/"] = {200, kSts};
  auto one = session();
  ASSERT_TRUE(one.keys(bounded()));
  now += std::chrono::minutes(54);
  ASSERT_TRUE(one.keys(bounded()));
  EXPECT_EQ(asked("sts"), 1U);
  now += std::chrono::minutes(2);
  ASSERT_TRUE(one.keys(bounded()));
  EXPECT_EQ(asked("sts"), 2U);
}

TEST_F(Aws, EcrGivesTokensForTheAccountsOfItsRegions) {
  env = {{"AWS_ACCESS_KEY_ID", "ID"}, {"AWS_SECRET_ACCESS_KEY", "s3cret"}};
  tokens("eu-west-1", {"1", "2"}, "t0ken");
  auto registry = ecr({.regions = {{"eu-west-1"}}, .excluded_accounts = {"9"}});
  const std::string own = "1.dkr.ecr.eu-west-1.amazonaws.com";
  const auto answer =
      registry.ask(bounded(), {own, "2.dkr.ecr.eu-west-1.amazonaws.com", "9.dkr.ecr.eu-west-1.amazonaws.com",
                               "1.dkr.ecr.us-east-1.amazonaws.com", "odd.amazonaws.com", "quay.io"});
  EXPECT_THAT(answer.unscanned, ElementsAre("1.dkr.ecr.us-east-1.amazonaws.com", "9.dkr.ecr.eu-west-1.amazonaws.com"));
  EXPECT_EQ(answer.credentials.size(), 2U);
  EXPECT_EQ(answer.credentials.at(own), (Credential{"AWS", Secret("t0ken"), "AWS API"}));
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].body, R"({"registryIds":["1","2"]})");
  EXPECT_EQ(requests[0].headers.get("X-Amz-Target"), "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken");
  EXPECT_EQ(requests[0].signer->key_id, "ID");
  EXPECT_THAT(log.text(), HasSubstr(R"(info="restricting ECR registry scans" regions=[eu-west-1])"));
  EXPECT_THAT(log.text(), HasSubstr(R"(info="attempting to refresh auth tokens" region=eu-west-1 account-ids="1, 2")"));
  EXPECT_THAT(log.text(), HasSubstr("host=odd.amazonaws.com"));
  EXPECT_THAT(log.text(), Not(HasSubstr("t0ken")));
}

TEST_F(Aws, EcrIsScannedForTheAccountsThatAreIncluded) {
  env = {{"AWS_ACCESS_KEY_ID", "ID"}, {"AWS_SECRET_ACCESS_KEY", "s3cret"}};
  const std::set<std::string> hosts{"1.dkr.ecr.eu-west-1.amazonaws.com", "2.dkr.ecr.eu-west-1.amazonaws.com"};
  const struct {
    std::optional<std::vector<std::string>> included;
    std::vector<std::string> excluded;
    std::set<std::string> unscanned;
  } rows[] = {
      {std::nullopt, {}, {}},
      {std::vector<std::string>{}, {}, hosts},
      {{{"2"}}, {}, {"1.dkr.ecr.eu-west-1.amazonaws.com"}},
      {{{"1", "2"}}, {"2"}, {"2.dkr.ecr.eu-west-1.amazonaws.com"}},
  };
  for (const auto& row : rows) {
    auto registry = ecr({.regions = {{"eu-west-1"}}, .accounts = row.included, .excluded_accounts = row.excluded});
    EXPECT_EQ(registry.ask(bounded(), hosts).unscanned, row.unscanned);
  }
}

TEST_F(Aws, EcrKeepsATokenUntilShortlyBeforeItExpires) {
  env = {{"AWS_ACCESS_KEY_ID", "ID"}, {"AWS_SECRET_ACCESS_KEY", "s3cret"}};
  const std::string host = "1.dkr.ecr.eu-west-1.amazonaws.com";
  auto registry = ecr({.regions = {{"eu-west-1"}}});
  const auto password = [&] { return registry.ask(bounded(), {host}).credentials.at(host).password; };
  tokens("eu-west-1", {"1"}, "first", std::chrono::hours(1));
  EXPECT_EQ(password(), Secret("first"));
  tokens("eu-west-1", {"1", "2"}, "second", std::chrono::hours(24));
  now += std::chrono::minutes(54);
  EXPECT_EQ(password(), Secret("first"));
  now += std::chrono::minutes(2);
  EXPECT_EQ(password(), Secret("second"));
  now += std::chrono::hours(12);  // at most, whatever Amazon says
  tokens("eu-west-1", {"1"}, "third");
  EXPECT_EQ(password(), Secret("third"));
  EXPECT_EQ(requests.size(), 3U);
  registry.ask(bounded(), {host, "2.dkr.ecr.eu-west-1.amazonaws.com"});
  EXPECT_EQ(requests.size(), 4U) << "an account that is new needs a token";
}

TEST_F(Aws, ARegionThatFailsIsLeftAloneForTenMinutes) {
  env = {{"AWS_ACCESS_KEY_ID", "ID"}, {"AWS_SECRET_ACCESS_KEY", "s3cret"}};
  const std::string host = "1.dkr.ecr.eu-west-1.amazonaws.com";
  answers["POST https://api.ecr.eu-west-1.amazonaws.com/"] = {
      400, R"({"__type":"com.amazonaws#AccessDeniedException","message":"no, not for s3cret"})"};
  auto registry = ecr({.regions = {{"eu-west-1"}}});
  for (int i = 0; i < 3; ++i) {
    const auto answer = registry.ask(bounded(), {host});
    EXPECT_THAT(answer.credentials, IsEmpty());
    EXPECT_THAT(answer.unscanned, IsEmpty());
    now += std::chrono::minutes(3);
  }
  EXPECT_EQ(requests.size(), 1U);
  EXPECT_THAT(log.text(), HasSubstr(R"(error="fetching credentials for AWS region" region=eu-west-1)"));
  EXPECT_THAT(log.text(), HasSubstr("HTTP 400 AccessDeniedException: no, not for"));
  EXPECT_THAT(log.text(), HasSubstr("embargo=10m0s"));
  EXPECT_THAT(log.text(), Not(HasSubstr("s3cret")));
  now += std::chrono::minutes(2);
  tokens("eu-west-1", {"1"}, "t0ken");
  EXPECT_EQ(registry.ask(bounded(), {host}).credentials.size(), 1U);
}

TEST_F(Aws, WithoutARegionNothingOfEcrIsScanned) {
  const std::string host = "1.dkr.ecr.eu-west-1.amazonaws.com";
  auto registry = ecr({});
  EXPECT_THAT(registry.ask(bounded(), {host, "quay.io"}).unscanned, ElementsAre(host));
  EXPECT_FALSE(registry.preflight(bounded()));
  EXPECT_EQ(asked("placement/region"), 1U) << "not at each collection";
  now += std::chrono::minutes(11);
  instance("placement/region", "eu-west-1");
  EXPECT_THAT(registry.ask(bounded(), {host}).unscanned, IsEmpty());
  EXPECT_THAT(ecr({.regions = std::vector<std::string>{}}).ask(bounded(), {host}).unscanned, ElementsAre(host));
}

TEST_F(Aws, ThePreflightWantsARegionAndKeys) {
  auto none = ecr({}).preflight(bounded());
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("--registry-require=ecr: the AWS region is not known"));
  env["AWS_REGION"] = "eu-west-1";
  auto no_keys = ecr({}).preflight(bounded());
  ASSERT_FALSE(no_keys);
  EXPECT_THAT(no_keys.error().message, HasSubstr("there are no AWS credentials"));
  env["AWS_ACCESS_KEY_ID"] = "ID";
  env["AWS_SECRET_ACCESS_KEY"] = "s";
  EXPECT_TRUE(ecr({}).preflight(bounded()));
}

TEST_F(Aws, EndpointsCanBeElsewhere) {
  EXPECT_EQ(aws_endpoint(environment, "ecr", "eu-west-1"), "https://api.ecr.eu-west-1.amazonaws.com");
  EXPECT_EQ(aws_endpoint(environment, "sts", "cn-north-1"), "https://sts.cn-north-1.amazonaws.com.cn");
  env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:5000/";
  EXPECT_EQ(aws_endpoint(environment, "ecr", "eu-west-1"), "http://127.0.0.1:5000");
  env["AWS_ENDPOINT_URL_STS"] = "http://127.0.0.1:6000";
  EXPECT_EQ(aws_endpoint(environment, "sts", "eu-west-1"), "http://127.0.0.1:6000");
}

}  // namespace aws_test
}  // namespace flux::images
