#include "manifests/scope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flux::manifests {
namespace scope_test {

using testing::StartsWith;

class Cluster : public ScopeLookup {
 public:
  [[nodiscard]] Result<Scope> scope_of(const ApiType& type) const override {
    if (type.kind == "Pod" || type.kind == "CustomResourceDefinition" || type.kind == "Known")
      return type.kind == "CustomResourceDefinition" ? Scope::cluster : Scope::namespaced;
    if (type.kind == "Namespace") return Scope::cluster;
    if (type.kind == "Unreachable") return fail(ErrorKind::server, "the cluster does not answer");
    return fail(ErrorKind::missing, "resource not found for API " + type.api_version + ", kind " + type.kind);
  }
};

std::vector<ManifestPtr> manifests(const std::string& text) { return parse_file("a.yaml", text).manifests; }

constexpr const char* kDefinition = R"(
kind: CustomResourceDefinition
metadata: {name: d}
spec:
  group: x.io
  scope: Namespaced
  names: {kind: Thing}
  versions: [{name: v1}, {name: v2}]
---
)";

struct Row {
  const char* rule;
  std::string text;
  std::string id;
};

class Resolving : public testing::TestWithParam<Row> {};

TEST_P(Resolving, GivesTheEffectiveId) {
  const auto resolved = resolve(manifests(GetParam().text), Cluster(), "fallback");
  ASSERT_TRUE(resolved);
  const auto id = ResourceId::parse(GetParam().id).value();
  ASSERT_TRUE(resolved->resources.contains(id));
  EXPECT_EQ(resolved->resources.at(id).ns, id.cluster_scoped() ? "" : id.ns());
}

INSTANTIATE_TEST_SUITE_P(
    Rules, Resolving,
    testing::Values(
        Row{"WrittenNamespace", "kind: Pod\nmetadata: {name: p, namespace: ns}", "ns:pod/p"},
        Row{"DefaultNamespace", "kind: Pod\nmetadata: {name: p}", "fallback:pod/p"},
        Row{"StrayNamespace", "kind: Namespace\nmetadata: {name: p, namespace: ns}", "<cluster>:namespace/p"},
        Row{"DefinedAlongside", std::string(kDefinition) + "apiVersion: x.io/v2\nkind: Thing\nmetadata: {name: t}",
            "fallback:thing/t"},
        Row{"DefinedWithOneVersion",
            "kind: CustomResourceDefinition\nspec: {group: x.io, version: v1, names: {kind: Thing}}\n---\n"
            "apiVersion: x.io/v1\nkind: Thing\nmetadata: {name: t}",
            "<cluster>:thing/t"},
        Row{"ClusterBeatsDefinition",
            "kind: CustomResourceDefinition\nspec: {group: x.io, scope: Cluster, version: v1, names: {kind: Known}}\n"
            "---\napiVersion: x.io/v1\nkind: Known\nmetadata: {name: t}",
            "fallback:known/t"}),
    [](const auto& row) { return row.param.rule; });

TEST(Resolve, LeavesOutKindsThatNobodyKnows) {
  const auto resolved = resolve(
      manifests(std::string(kDefinition) + "apiVersion: x.io/v3\nkind: Thing\nmetadata: {name: t, namespace: ns}"),
      Cluster(), "fallback");
  ASSERT_TRUE(resolved);
  ASSERT_EQ(resolved->unscoped.size(), 1U);
  EXPECT_EQ(resolved->unscoped[0].manifest->written_id().to_string(), "ns:thing/t");
  EXPECT_EQ(resolved->unscoped[0].error.message, "resource not found for API x.io/v3, kind Thing");
  EXPECT_EQ(resolved->resources.size(), 1U) << "the definition itself stays";
}

TEST(Resolve, IgnoresDefinitionsThatMakeNoSense) {
  const auto resolved =
      resolve(manifests("kind: CustomResourceDefinition\nspec: {group: 1, names: [], versions: {}}\n---\nkind: Thing"),
              Cluster(), "fallback");
  ASSERT_TRUE(resolved);
  EXPECT_EQ(resolved->unscoped.size(), 1U);
}

TEST(Resolve, FailsWhenTheClusterCannotBeAsked) {
  const auto resolved = resolve(manifests("kind: Unreachable"), Cluster(), "fallback");
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().kind, ErrorKind::server);
}

constexpr const char* kNamesakes = R"(
{apiVersion: v1, kind: Known, metadata: {name: t, namespace: ns}}
---
{apiVersion: serving.knative.dev/v1, kind: Known, metadata: {name: t, namespace: ns}}
)";

TEST(Resolve, TellsTwoKindsOfOneNameApartByTheirGroups) {
  const auto resolved = resolve(manifests(kNamesakes), Cluster(), "fallback");
  ASSERT_TRUE(resolved) << resolved.error().message;
  const ResourceId plain("ns", "known", "t");
  const ResourceId other("ns", "known.serving.knative.dev", "t");
  EXPECT_EQ(resolved->resources.at(plain).manifest->type.api_version, "v1");
  EXPECT_EQ(resolved->resources.at(other).manifest->type.api_version, "serving.knative.dev/v1");
  EXPECT_EQ(resolved->namesakes, (Namesakes{{plain, {plain, other}}}));
}

TEST(Resolve, RefusesTwoVersionsOfOneKind) {
  const auto again = std::string(kNamesakes) +
                     "---\n{apiVersion: serving.knative.dev/v2, kind: Known, metadata: {name: t, namespace: ns}}\n";
  const auto resolved = resolve(manifests(again), Cluster(), "fallback");
  ASSERT_FALSE(resolved);
  EXPECT_THAT(resolved.error().message,
              StartsWith("duplicate definition of 'ns:known/t' (in a.yaml), documents 2 and 3"));
}

TEST(Resolve, ReportsDuplicatesThatDefaultingMakes) {
  const auto resolved =
      resolve(manifests("kind: Pod\nmetadata: {name: p}\n---\nkind: Pod\nmetadata: {name: p, namespace: fallback}"),
              Cluster(), "fallback");
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().kind, ErrorKind::user);
  EXPECT_THAT(resolved.error().message, StartsWith("duplicate definition of 'fallback:pod/p' (in a.yaml)"));
}

}  // namespace scope_test
}  // namespace flux::manifests
