// The cases of tests/cases that are notifications of registries.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "base/json.h"
#include "images/hooks/answer.h"

namespace flux::images {
namespace hook_cases_test {

Json read_json(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  auto json = parse_json(text.str());
  if (!json) throw std::runtime_error("not JSON: " + file.string());
  return *json;
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(FLUX_CASES))
    if (std::filesystem::exists(entry.path() / "hook.json")) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

http::ServerRequest request_of(const Json& asked) {
  http::ServerRequest request;
  request.method = asked.value("method", "POST");
  if (asked.contains("headers"))
    for (const auto& [name, value] : asked.at("headers").items()) request.headers.add(name, value);
  if (asked.contains("query"))
    for (const auto& [name, value] : asked.at("query").items()) request.query.emplace_back(name, value);
  const auto& body = asked.at("body");
  request.body = body.is_string() ? body.get<std::string>() : dump_json(body);
  return request;
}

class HookCase : public ::testing::TestWithParam<std::string> {};

TEST_P(HookCase, HasTheRightOutcome) {
  const auto folder = std::filesystem::path(FLUX_CASES) / GetParam();
  const auto asked = read_json(folder / "hook.json");
  const auto expected = read_json(folder / "expect.json");
  const auto source = hook_source(asked.at("source").get<std::string>());
  ASSERT_TRUE(source);
  const Secret secret(asked.at("secret").get<std::string>());
  const auto& requests = asked.at("requests");
  const auto& responses = expected.at("responses");
  ASSERT_EQ(requests.size(), responses.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto answer = answer_hook(*source, request_of(requests[i]), secret);
    EXPECT_EQ(answer.status / 100, responses[i].at("class")) << i << ": " << answer.message;
    Json names = Json::array();
    for (const auto& image : answer.images) names.push_back(image.name());
    EXPECT_EQ(names, responses[i].at("images")) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(All, HookCase, ::testing::ValuesIn(cases()), [](const auto& row) {
  auto name = row.param;
  std::ranges::replace_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

}  // namespace hook_cases_test
}  // namespace flux::images
