// The cases of kind `policy` (tests/cases/README.md): what people reported, and which tag is right.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/json.h"
#include "base/read_file.h"
#include "images/choose.h"

namespace flux::images {
namespace policy_cases_test {

namespace fs = std::filesystem;

/// Where we decided otherwise than Flux v1: the tag to be released, and why.
struct Decision {
  std::optional<std::string> expect;
  const char* why;
};

const std::map<std::string, Decision> kDecisions = {
    {"34-policy-invalid-semver-constraint-opens-the-gate", {std::nullopt, "an invalid filter matches nothing"}},
    {"35-policy-invalid-regexp-lookahead", {std::nullopt, "an invalid filter matches nothing"}},
    {"41-policy-equal-times-fall-back-to-text", {std::nullopt, "of equal times the current one stays"}},
};

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const auto& folder : fs::directory_iterator(FLUX_CASES))
    if (fs::exists(folder.path() / "policy.json")) out.push_back(folder.path().filename());
  std::ranges::sort(out);
  return out;
}

Repository repository_of(const Json& policy) {
  Repository out;
  out.last_update = parse_timestamp("2023-03-01T00:00:00Z");
  for (const auto& row : policy["tags"]) {
    const auto tag = row["tag"].get<std::string>();
    out.tags.push_back(tag);
    if (!row.value("meta", true)) continue;
    auto& info = out.images[tag];
    info.id = {"quay.io", "shop/cart", tag, ""};
    if (!row["created"].is_null()) info.created_at = parse_timestamp(row["created"].get<std::string>()).value();
  }
  return out;
}

std::optional<std::string> expected(const std::string& name, const Json& policy) {
  if (const auto decided = kDecisions.find(name); decided != kDecisions.end()) return decided->second.expect;
  return policy["expect"].is_null() ? std::nullopt : std::optional(policy["expect"].get<std::string>());
}

class PolicyCases : public ::testing::TestWithParam<std::string> {};

TEST_P(PolicyCases, ReleasesTheRightTag) {
  const auto policy = parse_json(read_file(fs::path(FLUX_CASES) / GetParam() / "policy.json").value()).value();
  const ImageRef current{"quay.io", "shop/cart", policy["current"].get<std::string>(), ""};
  const auto mode = policy["mode"] == "auto" ? Mode::automation : Mode::release;
  const auto choice = choose(repository_of(policy), TagPattern(policy["pattern"].get<std::string>()), current, mode);
  const auto released = choice.outcome == Outcome::update ? std::optional(choice.tag) : std::nullopt;
  EXPECT_EQ(released, expected(GetParam(), policy)) << dump_json(policy["why"]);
  EXPECT_EQ(choice.verdicts.size(), policy["tags"].size());
}

INSTANTIATE_TEST_SUITE_P(Cases, PolicyCases, ::testing::ValuesIn(names()), [](const auto& one) {
  auto name = one.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(PolicyCasesTest, AreAllThere) {
  const auto all = names();
  EXPECT_GE(all.size(), 16U);
  for (const auto& [name, decision] : kDecisions)
    EXPECT_TRUE(std::ranges::binary_search(all, name)) << name << ": " << decision.why;
}

}  // namespace policy_cases_test
}  // namespace flux::images
