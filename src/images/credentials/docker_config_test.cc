#include "images/credentials/docker_config.h"

#include <gmock/gmock.h>

#include "base/base64.h"

namespace flux::images {
namespace docker_config_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

DockerConfig parse(const std::string& text) {
  auto config = parse_docker_config(Secret(text), "team:secret/pull");
  if (!config) throw std::runtime_error(config.error().message);
  return *config;
}

TEST(RegistryHost, IsWhatImagesCallIt) {
  const struct {
    const char* text;
    const char* host;
  } rows[] = {
      {"quay.io", "quay.io"},
      {"Quay.IO", "quay.io"},
      {"https://quay.io", "quay.io"},
      {"http://quay.io/v2/", "quay.io"},
      {"https://git.example.org:4567/group/project", "git.example.org:4567"},
      {"localhost:5000", "localhost:5000"},
      {"https://user:pw@quay.io/v1/", "quay.io"},
      {"[::1]:5000/v2", "[::1]:5000"},
      {"docker.io", "index.docker.io"},
      {"registry-1.docker.io", "index.docker.io"},
      {"https://index.docker.io/v1/", "index.docker.io"},
      {"https://", ""},
      {"http:///v2/", ""},
      {"", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(registry_host(row.text), row.host) << row.text;
}

TEST(DockerConfig, TakesWhateverAnEntrySays) {
  const Credential expected{"rob", Secret("a:b"), "team:secret/pull"};
  const auto auth = encode_base64("rob:a:b");
  for (const auto& text : {
           R"({"auths":{"r.io":{"auth":")" + auth + R"("}}})",
           R"({"r.io":{"auth":")" + auth + R"(","email":"x"}})",
           R"({"auths":{"r.io":{"auth":")" + auth + R"(\n"}},"HttpHeaders":{}})",
           std::string(R"({"auths":{"r.io":{"username":"rob","password":"a:b"}}})"),
           std::string(R"({"Auths":{"r.io":{"Username":"rob","PASSWORD":"a:b","auth":""}}})"),
           std::string(R"({"auths":{"r.io":{"username":"rob","password":"a:b","auth":"%%"}}})"),
       }) {
    const auto config = parse(text);
    EXPECT_EQ(config.credentials, (RegistryCredentials{{"r.io", expected}})) << text;
    EXPECT_THAT(config.problems, IsEmpty()) << text;
  }
}

TEST(DockerConfig, SkipsABadEntryAndSaysWhichWithoutItsSecrets) {
  const auto good = R"("good.io":{"auth":")" + encode_base64("a:b") + R"("})";
  const struct {
    std::string entry;
    const char* problem;
  } rows[] = {
      {R"("bad.io":{"auth":")" + encode_base64("hidden") + R"("})", "user:password"},
      {R"("bad.io":{"auth":")" + encode_base64(":hidden") + R"("})", "user:password"},
      {R"("bad.io":{"auth":"hidden%"})", "base64"},
      {R"("bad.io":{})", "neither auth nor username"},
      {R"("bad.io":null)", "no object"},
      {R"("bad.io":{"auth":7})", "neither auth nor username"},
      {R"("bad.io":{"username":"hidden"})", "username without a password"},
  };
  for (const auto& row : rows) {
    for (const auto& text : {"{\"auths\":{" + row.entry + "," + good + "}}", "{" + good + "," + row.entry + "}"}) {
      const auto config = parse(text);
      EXPECT_EQ(config.credentials.size(), 1U) << text;
      EXPECT_TRUE(config.credentials.contains("good.io")) << text;
      ASSERT_EQ(config.problems.size(), 1U) << text;
      EXPECT_THAT(config.problems[0], HasSubstr("bad.io"));
      EXPECT_THAT(config.problems[0], HasSubstr(row.problem));
      EXPECT_THAT(config.problems[0], Not(HasSubstr("hidden")));
      EXPECT_THAT(config.problems[0], Not(HasSubstr(encode_base64("hidden"))));
    }
  }
  EXPECT_EQ(parse(R"({"auths":{"https://":{"auth":"eDp5"}}})").problems.size(), 1U);
}

TEST(DockerConfig, TakesIdentityTokens) {
  const auto nobody = encode_base64("00000000-0000-0000-0000-000000000000:");
  const auto config = parse(R"({"auths":{"r.io":{"auth":")" + nobody + R"(","identitytoken":"jwt"}}})");
  EXPECT_EQ(config.credentials.at("r.io"), (Credential{kTokenUser, Secret("jwt"), "team:secret/pull"}));
}

TEST(DockerConfig, PrefersTheEntryForTheWholeHost) {
  const auto entry = [](const std::string& key, const std::string& user) {
    return "\"" + key + "\":{\"auth\":\"" + encode_base64(user + ":pw") + "\"}";
  };
  const auto user = [](const std::string& entries) {
    return parse("{\"auths\":{" + entries + "}}").credentials.at("index.docker.io").user;
  };
  const auto whole = entry("https://index.docker.io/v1/", "me");
  const auto part = entry("https://index.docker.io/v1/refresh-token", "token");
  EXPECT_EQ(user(whole + "," + part), "me");
  EXPECT_EQ(user(part + "," + whole), "me");
  EXPECT_EQ(user(part), "token");
  EXPECT_EQ(user(whole + "," + entry("docker.io", "last")), "last");
}

TEST(DockerConfig, NamesItsCredentialHelpers) {
  const auto config = parse(R"({"auths":{"https://Own.io/":{},"here.io":{"auth":"YTpi"}},"credsStore":"pass",
      "credHelpers":{"https://1.dkr.ecr.eu-west-1.amazonaws.com":"ecr-login","evil.io":"../../bin/sh","n.io":3}})");
  EXPECT_EQ(config.store, "pass");
  EXPECT_EQ(config.helpers, (std::map<std::string, std::string>{{"1.dkr.ecr.eu-west-1.amazonaws.com", "ecr-login"}}));
  EXPECT_EQ(config.spelling.at("own.io"), "https://Own.io/");
  EXPECT_TRUE(config.credentials.contains("here.io"));
  EXPECT_THAT(config.problems, ElementsAre(HasSubstr("evil.io"), HasSubstr("n.io")));
}

TEST(DockerConfig, IsAnObject) {
  for (const auto* text : {"", "[]", "hidden", "null", R"({"a":)"}) {
    const auto config = parse_docker_config(Secret(text), "team:secret/pull");
    ASSERT_FALSE(config) << text;
    EXPECT_THAT(config.error().message, HasSubstr("team:secret/pull"));
    EXPECT_THAT(config.error().message, Not(HasSubstr("hidden")));
  }
}

TEST(DockerConfig, HelpersAnswerWithUserAndSecret) {
  const auto answer = parse_helper_answer(Secret(R"({"ServerURL":"x","Username":"u","Secret":"p"})"), "h");
  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer, (Credential{"u", Secret("p"), "h"}));
  for (const auto* text : {"", "{}", R"({"Secret":"hidden"})", R"({"Username":"u"})"}) {
    const auto bad = parse_helper_answer(Secret(text), "h");
    ASSERT_FALSE(bad) << text;
    EXPECT_THAT(bad.error().message, Not(HasSubstr("hidden")));
  }
}

TEST(DockerConfig, IsShownWithoutPasswords) {
  EXPECT_EQ(describe(parse(R"({"h":{"auth":"VTpQ"},"i.io":{"auth":"VjpQ"}})").credentials),
            "{map[h:<registry creds for U@h, from team:secret/pull> i.io:<registry creds for V@i.io, from "
            "team:secret/pull>]}");
}

}  // namespace docker_config_test
}  // namespace flux::images
