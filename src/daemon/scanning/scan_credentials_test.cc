#include "daemon/scanning/scan_credentials.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>

#include "base/base64.h"
#include "base/json.h"
#include "base/test_bounded.h"
#include "base/test_log.h"
#include "base/test_temp_dir.h"
#include "cluster/scripted_transport.h"

namespace flux::daemon {
namespace scan_credentials_test {

using cluster::respond;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// One workload, whose pull secrets an API server has.
class ScanCredentialsTest : public ::testing::Test {
 protected:
  ScanCredentialsTest() {
    workload.type = {"apps/v1", "Deployment"};
    workload.id = ResourceId("shop", "deployment", "web");
    workload.containers = {{"c", "r.io/web:1"}};
    workload.pull_secrets = {"pull"};
    put_secret("s3cret");
  }

  cluster::ScriptedTransport::Answer answer(const http::ClientRequest& request) {
    const std::lock_guard lock(mutex);
    const auto path = request.url.substr(request.url.find("/api/"));
    ++asked[path];
    const auto at = answers.find(path);
    if (at == answers.end()) return respond(404, R"({"kind":"Status","message":"not found"})");
    return at->second;
  }
  void put(const std::string& path, int status, const std::string& body) {
    const std::lock_guard lock(mutex);
    answers.insert_or_assign(path, respond(status, body));
  }
  void put_secret(const std::string& password) {
    const auto config = R"({"auths":{"r.io":{"auth":")" + encode_base64("rob:" + password) + R"("},"bad.io":{}}})";
    put(kSecret, 200,
        dump_json(SortedJson{{"type", "kubernetes.io/dockerconfigjson"},
                             {"data", {{".dockerconfigjson", encode_base64(config)}}}}));
  }

  std::optional<images::Credential> collect() {
    std::vector<images::Target> targets{{ImageRef::parse("r.io/web").value()}};
    credentials.fill(bounded(), {workload}, targets);
    return targets.at(0).credential;
  }

  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  }

  static constexpr auto* kSecret = "/api/v1/namespaces/shop/secrets/pull";
  static constexpr auto* kAccount = "/api/v1/namespaces/shop/serviceaccounts/default";
  std::mutex mutex;
  std::map<std::string, cluster::ScriptedTransport::Answer> answers;  // by path
  std::map<std::string, int> asked;
  cluster::LiveWorkload workload;
  std::shared_ptr<cluster::ScriptedTransport> transport = std::make_shared<cluster::ScriptedTransport>(
      [this](const http::ClientRequest& request) { return answer(request); });
  std::unique_ptr<cluster::Client> client = cluster::scripted_client(transport);
  KeptLog log;
  Options options;
  const images::SendRequest send = [](const Bounded&, const http::ClientRequest&) -> Result<http::ClientResponse> {
    return fail(ErrorKind::server, "not in a cloud");
  };
  const images::Environment env = [](const std::string&) { return std::string(); };
  ScanCredentials credentials{options.registry, *client, send, env, log.log()};
};

TEST_F(ScanCredentialsTest, ComeFromThePullSecretOfThePods) {
  EXPECT_EQ(collect(), (images::Credential{"rob", Secret("s3cret"), "shop:secret/pull"}));
  EXPECT_EQ(asked[kSecret], 1);
  EXPECT_EQ(asked[kAccount], 1);
  put_secret("renewed");
  EXPECT_EQ(collect()->password, Secret("renewed"));
  // A bad entry is told once, not at each collection.
  EXPECT_EQ(count(log.text(), "bad.io"), 1U);
  EXPECT_THAT(log.text(), Not(HasSubstr("s3cret")));
}

TEST_F(ScanCredentialsTest, AreTracedOnRequestWithoutPasswords) {
  options.registry.trace = true;
  ScanCredentials traced(options.registry, *client, send, env, log.log());
  std::vector<images::Target> targets{{ImageRef::parse("r.io/web").value()}};
  for (int i = 0; i < 2; ++i) traced.fill(bounded(), {workload}, targets);
  EXPECT_EQ(count(log.text(), "creds=\"{map[r.io:<registry creds for rob@r.io, from shop:secret/pull>]}\""), 1U);
  EXPECT_THAT(log.text(), Not(HasSubstr("s3cret")));
}

TEST_F(ScanCredentialsTest, ComeFromTheServiceAccount) {
  workload.pull_secrets.clear();
  put(kAccount, 200, R"({"imagePullSecrets":[{"name":"pull"}]})");
  EXPECT_EQ(collect()->user, "rob");
}

TEST_F(ScanCredentialsTest, AreNoneWhereSecretsAreForbiddenWhichIsToldOnce) {
  put(kSecret, 403, R"({"kind":"Status","message":"secrets is forbidden"})");
  EXPECT_EQ(collect(), std::nullopt);
  EXPECT_EQ(collect(), std::nullopt);
  EXPECT_EQ(count(log.text(), "secrets is forbidden"), 1U);
  put_secret("pw");
  EXPECT_EQ(collect()->user, "rob");
  put(kSecret, 403, R"({"kind":"Status","message":"secrets is forbidden"})");
  EXPECT_EQ(collect(), std::nullopt);
  EXPECT_EQ(count(log.text(), "secrets is forbidden"), 2U);
}

TEST_F(ScanCredentialsTest, StayWhileTheServerCannotSay) {
  EXPECT_EQ(collect()->user, "rob");
  put(kSecret, 400, R"({"kind":"Status","message":"hiccup"})");
  EXPECT_EQ(collect()->user, "rob");
  EXPECT_THAT(log.text(), HasSubstr("hiccup"));
  put(kSecret, 404, R"({"kind":"Status","message":"gone"})");
  EXPECT_EQ(collect(), std::nullopt);
}

TEST_F(ScanCredentialsTest, AreNotInASecretOfAnotherType) {
  put(kSecret, 200, R"({"type":"Opaque","data":{".dockercfg":"e30="}})");
  EXPECT_EQ(collect(), std::nullopt);
  EXPECT_THAT(log.text(), HasSubstr(R"(skip="unknown type" imagePullSecret=shop:secret/pull type=Opaque)"));
}

/// Clouds that give credentials for the registries of all three.
class CloudCredentials : public ScanCredentialsTest {
 protected:
  Result<http::ClientResponse> cloud(const http::ClientRequest& request) {
    const std::map<std::string, std::string> bodies{
        {"http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token",
         R"({"access_token":"google-token","expires_in":3600})"},
        {"https://api.ecr.eu-west-1.amazonaws.com/",
         R"({"authorizationData":[{"proxyEndpoint":"https://1.dkr.ecr.eu-west-1.amazonaws.com","authorizationToken":")" +
             encode_base64("AWS:pw") + R"("}]})"},
    };
    const auto at = bodies.find(request.url);
    if (at == bodies.end()) return fail(ErrorKind::server, "not here");
    return http::ClientResponse{200, {}, at->second, request.url};
  }
  std::map<std::string, std::string> users() {
    ScanCredentials all(
        options.registry, *client,
        [this](const Bounded&, const http::ClientRequest& request) { return cloud(request); },
        [](const std::string& name) {
          const bool set = name == "AWS_REGION" || name == "AWS_ACCESS_KEY_ID" || name == "AWS_SECRET_ACCESS_KEY";
          return std::string(set ? "eu-west-1" : "");
        },
        log.log());
    std::vector<images::Target> targets;
    workload.containers.clear();
    for (const auto* image : {"gcr.io/a/b", "eu-docker.pkg.dev/a/b/c", "1.dkr.ecr.eu-west-1.amazonaws.com/a",
                              "1.dkr.ecr.us-east-1.amazonaws.com/a", "r.io/web"}) {
      targets.push_back({ImageRef::parse(image).value()});
      workload.containers.push_back({"c", image});
    }
    all.fill(bounded(), {workload}, targets);
    std::map<std::string, std::string> out;
    for (const auto& target : targets)
      out[target.image.domain] = target.credential ? target.credential->user : "nobody";
    return out;
  }
};

TEST_F(CloudCredentials, AreForTheirRegistriesOnly) {
  EXPECT_EQ(users(), (std::map<std::string, std::string>{{"gcr.io", "oauth2accesstoken"},
                                                         {"eu-docker.pkg.dev", "oauth2accesstoken"},
                                                         {"1.dkr.ecr.eu-west-1.amazonaws.com", "AWS"},
                                                         {"r.io", "rob"}}));
}

TEST_F(CloudCredentials, GiveWayToPullSecrets) {
  const auto config = R"({"gcr.io":{"auth":"bWU6cHc="},"1.dkr.ecr.eu-west-1.amazonaws.com":{"auth":"bWU6cHc="}})";
  put(kSecret, 200,
      dump_json(SortedJson{{"type", "kubernetes.io/dockercfg"}, {"data", {{".dockercfg", encode_base64(config)}}}}));
  const auto found = users();
  EXPECT_EQ(found.at("gcr.io"), "me");
  EXPECT_EQ(found.at("1.dkr.ecr.eu-west-1.amazonaws.com"), "me");
  EXPECT_EQ(found.at("eu-docker.pkg.dev"), "oauth2accesstoken");
}

TEST_F(CloudCredentials, AreNeededWhereAFlagSaysSo) {
  options.registry.require = {"ecr"};
  ScanCredentials without(options.registry, *client, send, env, log.log());
  const auto refused = without.preflight(bounded());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("--registry-require=ecr"));
}

/// --docker-config, with a credential helper of its own in PATH.
class DockerConfigFlag : public ScanCredentialsTest {
 protected:
  DockerConfigFlag() {
    workload.pull_secrets.clear();
    const char* path = ::getenv("PATH");
    before = path ? path : "";
    ::setenv("PATH", (dir.path().string() + ":" + before).c_str(), 1);
    options.registry.docker_config = dir.path() / "config.json";
  }
  ~DockerConfigFlag() override { ::setenv("PATH", before.c_str(), 1); }

  void write(const std::string& text) { std::ofstream(options.registry.docker_config) << text; }
  void install(const std::string& name, const std::string& script) {
    const auto file = dir.path() / ("docker-credential-" + name);
    std::ofstream(file) << "#!/bin/sh\nread server\n" << script << "\n";
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }
  std::string user() {
    std::vector<images::Target> targets{{ImageRef::parse("r.io/web").value()}};
    flagged->fill(bounded(), {workload}, targets);
    return targets.at(0).credential ? targets.at(0).credential->user : "nobody";
  }
  void start() {
    flagged.emplace(options.registry, *client, send, env, log.log());
    EXPECT_TRUE(flagged->preflight(bounded()));
  }

  const TempDir dir;
  std::string before;
  std::optional<ScanCredentials> flagged;
};

TEST_F(DockerConfigFlag, IsReadAtEachCollectionAndGivesWayToPullSecrets) {
  write(R"({"auths":{"r.io":{"username":"file","password":"pw"}}})");
  start();
  EXPECT_EQ(user(), "file");
  write(R"({"auths":{"r.io":{"username":"renewed","password":"pw"}}})");
  EXPECT_EQ(user(), "renewed");
  workload.pull_secrets = {"pull"};
  EXPECT_EQ(user(), "rob");
  workload.pull_secrets.clear();
  write("{");
  EXPECT_EQ(user(), "nobody");
  EXPECT_THAT(log.text(), HasSubstr("is no Docker configuration"));
  write(R"({"auths":{"r.io":{"username":"again","password":"pw"}}})");
  EXPECT_EQ(user(), "again");
}

TEST_F(DockerConfigFlag, ThatCannotBeReadAtTheStartIsNotUsed) {
  start();
  EXPECT_THAT(log.text(), HasSubstr(R"(warning="--docker-config not used; pre-flight check failed" err=)"));
  write(R"({"auths":{"r.io":{"username":"late","password":"pw"}}})");
  EXPECT_EQ(user(), "nobody");
}

TEST_F(DockerConfigFlag, AsksTheHelperOfAHostThenItsEntryThenTheStore) {
  install("own", R"(echo "{\"Username\":\"own\",\"Secret\":\"hidden\"}")");
  install("all", R"(test "$server" = https://r.io/ && echo "{\"Username\":\"all\",\"Secret\":\"hidden\"}")");
  install("broken", "echo hidden; exit 1");
  const std::string entry = R"("auths":{"r.io":{"username":"entry","password":"hidden"}})";
  const struct {
    std::string config;
    const char* user;
  } rows[] = {
      {R"({"credHelpers":{"r.io":"own"},"credsStore":"all",)" + entry + "}", "own"},
      {R"({"credHelpers":{"r.io":"broken"},"credsStore":"all",)" + entry + "}", "entry"},
      {R"({"credHelpers":{"other.io":"own"},"credsStore":"all",)" + entry + "}", "entry"},
      {R"({"credsStore":"all","auths":{"https://r.io/":{}}})", "all"},
      {R"({"credsStore":"broken"})", "nobody"},
  };
  for (const auto& row : rows) {
    write(row.config);
    start();
    EXPECT_EQ(user(), row.user) << row.config;
  }
  EXPECT_THAT(log.text(), HasSubstr("docker-credential-broken get: exit status 1 for r.io"));
  EXPECT_THAT(log.text(), Not(HasSubstr("hidden")));
}

}  // namespace scan_credentials_test
}  // namespace flux::daemon
