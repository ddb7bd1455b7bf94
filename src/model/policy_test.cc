#include "model/policy.h"

#include <gtest/gtest.h>

#include <vector>

namespace flux {
namespace policy_test {

using Annotations = std::map<std::string, std::string>;

struct Row {
  const char* rule;
  Annotations annotations;
  Policies policies;
};

class PoliciesOf : public testing::TestWithParam<Row> {};

TEST_P(PoliciesOf, FollowsTheRule) { EXPECT_EQ(policies_of(GetParam().annotations), GetParam().policies); }

INSTANTIATE_TEST_SUITE_P(
    Rules, PoliciesOf,
    testing::Values(Row{"NothingFromNothing", {}, {}},
                    Row{"LeavesOtherAnnotationsAlone", {{"example.com/automated", "true"}, {"automated", "true"}}, {}},
                    Row{"ReadsTheNewPrefix", {{"fluxcd.io/automated", "true"}}, {{"automated", "true"}}},
                    Row{"ReadsTheOldPrefix", {{"flux.weave.works/locked", "true"}}, {{"locked", "true"}}},
                    Row{"ReadsFiltersAsTags", {{"filter.fluxcd.io/cart", "semver:~1"}}, {{"tag.cart", "semver:~1"}}},
                    Row{"TakesUnknownOnesAsTheyAre", {{"fluxcd.io/own.thing", "x y"}}, {{"own.thing", "x y"}}},
                    Row{"LetsTheNewPrefixWin",
                        {{"flux.weave.works/automated", "false"}, {"fluxcd.io/automated", "true"}},
                        {{"automated", "true"}}},
                    Row{"LetsTagsWinOverFilters",
                        {{"filter.fluxcd.io/c", "glob:1"}, {"fluxcd.io/tag.c", "glob:2"}},
                        {{"tag.c", "glob:2"}}},
                    Row{"LetsOldTagsWinOverFilters",
                        {{"filter.fluxcd.io/c", "glob:1"}, {"flux.weave.works/tag.c", "glob:3"}},
                        {{"tag.c", "glob:3"}}}),
    [](const auto& row) { return std::string(row.param.rule); });

TEST(IgnoreTest, KnowsTwoValuesOnly) {
  const std::vector<std::pair<Policies, Ignore>> rows{
      {{}, Ignore::no},
      {{{"ignore", "true"}}, Ignore::yes},
      {{{"ignore", "sync_only"}}, Ignore::sync_only},
      {{{"ignore", "false"}}, Ignore::no},
      {{{"ignore", "True"}}, Ignore::no},
      {{{"ignore", ""}}, Ignore::no},
      {{{"locked", "true"}}, Ignore::no},
  };
  for (const auto& [policies, expected] : rows) EXPECT_EQ(ignore_of(policies), expected);
}

}  // namespace policy_test
}  // namespace flux
