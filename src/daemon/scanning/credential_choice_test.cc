#include "daemon/scanning/credential_choice.h"

#include <gmock/gmock.h>

#include "base/base64.h"
#include "base/json.h"

namespace flux::daemon {
namespace credential_choice_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

cluster::LiveWorkload workload(const std::string& kind, const std::string& name, const std::string& image,
                               std::vector<std::string> pull_secrets = {}, const std::string& account = {}) {
  cluster::LiveWorkload out;
  out.type = {"apps/v1", kind};
  out.id = ResourceId("shop", kind, name);
  out.containers = {{"c", image}};
  out.pull_secrets = std::move(pull_secrets);
  out.service_account = account;
  return out;
}

images::Target target(const std::string& image) { return {ImageRef::parse(image).value().canonical()}; }

images::RegistryCredentials holds(const std::string& host, const std::string& user) {
  return {{host, {user, Secret("pw"), "test"}}};
}

TEST(CredentialChoice, ReadsWhatTheUsersOfScannedImagesName) {
  auto release = workload("HelmRelease", "db", "");
  release.containers.clear();
  release.helm_values = R"({"image": "r.io/db:1"})";
  const std::vector<cluster::LiveWorkload> live{
      workload("Deployment", "a", "r.io/a:1", {"one", "two"}), workload("Deployment", "b", "r.io/a:2", {"two"}, "own"),
      workload("Deployment", "c", "excluded.io/x", {"three"}, "other"), std::move(release)};
  const auto users = users_of(live, {target("r.io/a"), target("r.io/db")});
  EXPECT_THAT(accounts_of(users), ElementsAre(Place{"shop", "default"}, Place{"shop", "own"}));
  EXPECT_THAT(secrets_of(users, {.accounts = {{{"shop", "own"}, {"four"}}}}),
              ElementsAre(Place{"shop", "four"}, Place{"shop", "one"}, Place{"shop", "two"}));
}

TEST(CredentialChoice, FollowsThePrecedence) {
  const auto pods = workload("Deployment", "a", "r.io/a:1", {"first", "second"}, "own");
  const auto account = workload("Deployment", "a", "r.io/a:1", {}, "own");
  const auto release = workload("HelmRelease", "a", "r.io/a:1");
  const auto from = [](const char* user, const char* host = "r.io") { return holds(host, user); };
  const struct {
    const char* name;
    std::vector<cluster::LiveWorkload> live;
    std::map<Place, images::RegistryCredentials> secrets;
    std::string user;
  } rows[] = {
      {"nothing but the default", {pods}, {}, "default"},
      {"a service account", {account}, {{{"shop", "of-own"}, from("account")}}, "account"},
      {"pods before service accounts",
       {pods},
       {{{"shop", "of-own"}, from("account")}, {{"shop", "first"}, from("pod")}},
       "pod"},
      {"the later of a pod", {pods}, {{{"shop", "first"}, from("1")}, {{"shop", "second"}, from("2")}}, "2"},
      {"each host for itself", {pods}, {{{"shop", "first"}, from("1")}, {{"shop", "second"}, from("2", "x")}}, "1"},
      {"another host", {pods}, {{{"shop", "first"}, from("1", "r.io:5000")}}, "default"},
      {"another namespace", {pods}, {{{"team", "first"}, from("1")}}, "default"},
      {"releases: the default account", {release}, {{{"shop", "of-default"}, from("release")}}, "release"},
      {"all users, of one kind too",
       {workload("Deployment", "a", "r.io/a", {"first"}), workload("Deployment", "b", "r.io/a")},
       {{{"shop", "first"}, from("pod")}},
       "pod"},
      {"pods before other users' accounts",
       {workload("Deployment", "a", "r.io/a", {"first"}), account},
       {{{"shop", "first"}, from("pod")}, {{"shop", "of-own"}, from("account")}},
       "pod"},
  };
  for (const auto& row : rows) {
    std::vector<images::Target> targets{target("r.io/a")};
    targets[0].credential = images::Credential{"default", Secret("pw"), "test"};
    const PullSecrets known{{{{"shop", "own"}, {"of-own"}}, {{"shop", "default"}, {"of-default"}}}, row.secrets};
    choose_pull_secrets(targets, users_of(row.live, targets), known);
    EXPECT_EQ(targets[0].credential->user, row.user) << row.name;
  }
}

TEST(CredentialChoice, ReadsServiceAccounts) {
  EXPECT_THAT(
      decode_service_account(R"({"imagePullSecrets":[{"name":"a"},{},7,{"name":"b"}],"secrets":[{"name":"t"}]})"),
      ElementsAre("a", "b"));
  for (const auto* text : {"", "[]", "{}", R"({"imagePullSecrets":null})"})
    EXPECT_THAT(decode_service_account(text), IsEmpty()) << text;
}

TEST(CredentialChoice, ReadsBothTypesOfSecrets) {
  const auto entry = R"({"docker.io":{"auth":")" + encode_base64("u:pw") + R"("}})";
  const auto secret = [](const std::string& type, const std::string& key, const std::string& text) {
    return Secret(dump_json(SortedJson{{"type", type}, {"data", {{key, encode_base64(text)}}}}));
  };
  const images::RegistryCredentials expected{{"index.docker.io", {"u", Secret("pw"), "team:secret/pull"}}};
  const Place place{"team", "pull"};
  EXPECT_EQ(decode_pull_secret(secret("kubernetes.io/dockercfg", ".dockercfg", entry), place).credentials, expected);
  EXPECT_EQ(decode_pull_secret(
                secret("kubernetes.io/dockerconfigjson", ".dockerconfigjson", "{\"auths\":" + entry + "}"), place)
                .credentials,
            expected);
  EXPECT_EQ(decode_pull_secret(secret("Opaque", ".dockercfg", entry), place).unknown_type, "Opaque");
  EXPECT_EQ(decode_pull_secret(Secret("{}"), place).unknown_type, "none");
  for (const auto& bad : {secret("kubernetes.io/dockercfg", ".dockerconfigjson", entry),
                          secret("kubernetes.io/dockercfg", ".dockercfg", "hidden"),
                          Secret(R"({"type":"kubernetes.io/dockercfg","data":{".dockercfg":"hidden%"}})"),
                          Secret(R"({"type":"kubernetes.io/dockercfg"})")}) {
    const auto read = decode_pull_secret(bad, place);
    EXPECT_THAT(read.credentials, IsEmpty());
    EXPECT_THAT(read.problems, ElementsAre(HasSubstr("team:secret/pull")));
    EXPECT_THAT(read.problems, ElementsAre(Not(HasSubstr("hidden"))));
  }
}

}  // namespace credential_choice_test
}  // namespace flux::daemon
