#include "sync/order.h"

#include <gtest/gtest.h>

namespace flux::sync {
namespace order_test {

TEST(RankOf, LooksAtGroupAndKind) {
  const struct {
    const char* group;
    const char* kind;
    int rank;
  } kRows[] = {{"", "namespace", 0},
               {"apiextensions.k8s.io", "customresourcedefinition", 1},
               {"rbac.authorization.k8s.io", "clusterrole", 1},
               {"", "service", 1},
               {"serving.knative.dev", "service", kLastRank},
               {"example.org", "namespace", kLastRank},
               {"extensions", "ingress", 2},
               {"networking.k8s.io", "ingress", 2},
               {"apps", "deployment", 3},
               {"batch", "cronjob", 3},
               {"helm.fluxcd.io", "helmrelease", kLastRank}};
  for (const auto& row : kRows) EXPECT_EQ(rank_of(row.group, row.kind), row.rank) << row.group << " " << row.kind;
}

}  // namespace order_test
}  // namespace flux::sync
