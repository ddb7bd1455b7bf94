// The cases of kind `creds` (tests/cases/README.md): what people keep in pull secrets, and who we are to a registry
// then.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "base/json.h"
#include "base/read_file.h"
#include "images/credentials/docker_config.h"
#include "model/image_ref.h"

namespace flux::images {
namespace creds_cases_test {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(FLUX_CASES))
    if (fs::exists(entry.path() / "creds.json")) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

Json read(const fs::path& file) { return parse_json(read_file(file).value()).value(); }

class CredsCases : public ::testing::TestWithParam<std::string> {};

TEST_P(CredsCases, FindWhoWeAre) {
  const auto folder = fs::path(FLUX_CASES) / GetParam();
  const auto given = read(folder / "creds.json");
  const auto expected = read(folder / "expect.json");
  RegistryCredentials credentials;
  std::string log;
  const auto take = [&](const Json& text, const std::string& from) {
    const auto config = parse_docker_config(Secret(dump_json(text)), from);
    ASSERT_TRUE(config) << config.error().message;
    for (const auto& [host, credential] : config->credentials) credentials.insert_or_assign(host, credential);
    for (const auto& problem : config->problems) log += problem + "\n";
  };
  if (!given.at("docker_config").is_null()) take(given.at("docker_config"), "--docker-config");
  for (const auto* from : {"service-account", "pod"})
    for (const auto& secret : given.at("secrets"))
      if (secret.at("from") == from) take(secret.at("config"), "team:secret/" + secret.at("name").get<std::string>());
  log += describe(credentials);

  const auto image = ImageRef::parse(given.at("image").get<std::string>()).value().canonical();
  const auto found = credentials.find(registry_host(image.domain));
  if (expected.is_null()) {
    EXPECT_EQ(found, credentials.end());
    return;
  }
  ASSERT_NE(found, credentials.end());
  EXPECT_EQ(found->first, expected.at("host"));
  EXPECT_EQ(found->second.user, expected.at("username"));
  EXPECT_EQ(found->second.password, Secret(expected.at("password")));
  for (const auto& secret : expected.value("log_not_contains", Json::array()))
    EXPECT_THAT(log, Not(HasSubstr(secret.get<std::string>())));
}

INSTANTIATE_TEST_SUITE_P(All, CredsCases, ::testing::ValuesIn(names()), [](const auto& one) {
  auto name = one.param;
  std::ranges::replace_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

}  // namespace creds_cases_test
}  // namespace flux::images
