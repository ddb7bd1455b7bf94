#include "manifests/controlled.h"

#include <gtest/gtest.h>

#include "manifests/parse_file.h"

namespace flux::manifests {
namespace controlled_test {

TEST(WithoutControlled, LeavesTheRulesOfAnAggregatedRoleToItsController) {
  const ApiType role{"rbac.authorization.k8s.io/v1", "ClusterRole"};
  const std::string aggregated = R"({"aggregationRule":{"clusterRoleSelectors":[]},"rules":[{"verbs":["get"]}]})";
  EXPECT_EQ(without_controlled(aggregated, role), R"({"aggregationRule":{"clusterRoleSelectors":[]}})");
  EXPECT_EQ(without_controlled(R"({"aggregationRule":{}})", role), R"({"aggregationRule":{}})");
  const ApiType others[] = {{"rbac.authorization.k8s.io/v1", "Role"}, {"example.org/v1", "ClusterRole"}};
  for (const auto& other : others) EXPECT_EQ(without_controlled(aggregated, other), aggregated);
  for (const auto* plain : {R"({"rules":[{"verbs":["get"]}]})", R"({"aggregationRule":null,"rules":[]})",
                            R"({"rules":[{"resourceNames":["\"aggregationRule\""]}]})"})
    EXPECT_EQ(without_controlled(plain, role), plain);
}

TEST(WithoutControlled, IsPartOfReadingAFile) {
  const auto file = parse_file("role.yaml",
                               "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: all}\n"
                               "aggregationRule: {clusterRoleSelectors: []}\nrules: []\n");
  ASSERT_EQ(file.manifests.size(), 1U);
  EXPECT_EQ(file.manifests[0]->rest.find("rules"), std::string::npos) << file.manifests[0]->rest;
}

}  // namespace controlled_test
}  // namespace flux::manifests
