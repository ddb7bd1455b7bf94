#include "manifests/exported.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "manifests/parse_file.h"

namespace flux::manifests {
namespace exported_test {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kExported = R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  creationTimestamp: "2020-01-02T03:04:05Z"
  deletionGracePeriodSeconds: 30
  deletionTimestamp: "2020-01-02T03:04:05Z"
  finalizers: [example.org/hold]
  generation: 3
  managedFields: [{manager: kubectl}]
  ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: a, uid: u}]
  resourceVersion: "4711"
  selfLink: /x
  uid: 0a1b2c3d-0000-4000-8000-000000000001
  labels: {fluxcd.io/sync-gc-mark: sha256.x}
  annotations:
    fluxcd.io/sync-checksum: 00aa
    kubectl.kubernetes.io/last-applied-configuration: "{}"
spec: {replicas: 1}
status: {replicas: 1}
)";

TEST(Exported, LeavesOutWhatOnlyAServerCanSay) {
  const auto content = parse_file("a.yaml", kExported);
  ASSERT_EQ(content.manifests.size(), 1U);
  const auto& manifest = *content.manifests[0];
  EXPECT_EQ(manifest.rest, R"({"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":1}})");
  for (const auto* key :
       {"Timestamp", "GracePeriod", "generation", "managedFields", "resourceVersion", "selfLink", "a1b2"})
    EXPECT_EQ(manifest.metadata.find(key), std::string::npos) << key;
  for (const auto* key : {"finalizers", "ownerReferences", "\"web\"", "\"labels\""})
    EXPECT_NE(manifest.metadata.find(key), std::string::npos) << key;
  ASSERT_TRUE(content.remarks);
  EXPECT_THAT(
      content.remarks->left_out,
      ElementsAre("annotation fluxcd.io/sync-checksum", "annotation kubectl.kubernetes.io/last-applied-configuration",
                  "label fluxcd.io/sync-gc-mark", "metadata.creationTimestamp", "metadata.deletionGracePeriodSeconds",
                  "metadata.deletionTimestamp", "metadata.generation", "metadata.managedFields",
                  "metadata.resourceVersion", "metadata.selfLink", "metadata.uid", "status"));
}

TEST(Exported, SaysNothingOfWhatSaysNothing) {
  const auto content = parse_file("a.yaml",
                                  "apiVersion: v1\nkind: Service\nmetadata: {name: a, creationTimestamp: null}\n"
                                  "status: {}\n");
  EXPECT_EQ(content.manifests.at(0)->metadata, R"({"name":"a"})");
  EXPECT_EQ(content.manifests.at(0)->rest, R"({"apiVersion":"v1","kind":"Service"})");
  EXPECT_FALSE(content.remarks);
}

TEST(Exported, KeepsTheStatusOfCustomResources) {
  const struct {
    const char* api_version;
    bool server;
  } kRows[] = {{"v1", true},
               {"apps/v1", true},
               {"apiextensions.k8s.io/v1", true},
               {"example.org/v1", false},
               {"notk8s.io/v1", false}};
  for (const auto& row : kRows) {
    EXPECT_EQ(has_server_status({row.api_version, "X"}), row.server) << row.api_version;
    const auto content = parse_file(
        "a.yaml", std::string("apiVersion: ") + row.api_version + "\nkind: X\nmetadata: {name: a}\nstatus: {b: c}\n");
    EXPECT_EQ(content.manifests.at(0)->rest.find("status") == std::string::npos, row.server) << row.api_version;
    EXPECT_EQ(content.remarks != nullptr, row.server) << row.api_version;
  }
}

TEST(Exported, MalformedMetadataIsNoConcern) {
  for (const auto* metadata : {"~", "{name: a, labels: [x], annotations: ~}", "{name: a, labels: text}"}) {
    const auto content = parse_file("a.yaml", std::string("apiVersion: v1\nkind: X\nmetadata: ") + metadata + "\n");
    EXPECT_THAT(content.problems, IsEmpty()) << metadata;
    EXPECT_FALSE(content.remarks) << metadata;
  }
}

}  // namespace exported_test
}  // namespace flux::manifests
