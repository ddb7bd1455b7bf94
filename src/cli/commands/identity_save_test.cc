#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/base64.h"
#include "cli/canned_daemon.h"

namespace flux::cli {
namespace identity_save_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kConfig = R"({"remote":{"url":"git@host:shop","branch":"main"},"publicSSHKey":{
  "key":"ssh-rsa AAAA flux\n","fingerprints":{"md5":{"hash":"aa:bb","randomart":"+--+\n|. |\n+--+\n"}}},
  "status":"ready"})";

TEST(IdentityTest, PrintsTheKeyOrItsFingerprint) {
  CannedDaemon daemon;
  daemon.on("POST /v9/git-repo-config", {kConfig});
  EXPECT_EQ(run_against(daemon, {"identity"}).out, "ssh-rsa AAAA flux\n");
  EXPECT_EQ(run_against(daemon, {"identity", "-l"}).out, "aa:bb\n");
  EXPECT_EQ(run_against(daemon, {"identity", "-v"}).out, "aa:bb\n+--+\n|. |\n+--+\n");
  EXPECT_EQ(run_against(daemon, {"identity", "--regenerate"}).err, "");
  EXPECT_THAT(daemon.requests(), ElementsAre("POST /v9/git-repo-config false", "POST /v9/git-repo-config false",
                                             "POST /v9/git-repo-config false", "POST /v9/git-repo-config true"));
}

constexpr const char* kExport = R"(---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  creationTimestamp: null
spec:
  finalizers: [kubernetes]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  uid: 123
  labels: {b: "2", a: "1"}
  annotations:
    deployment.kubernetes.io/revision: "3"
spec:
  replicas: 2
  strategy: {rollingUpdate: {maxSurge: null}}
  template:
    metadata:
      creationTimestamp: null
      labels: {name: web}
    spec:
      containers:
      - {name: web, image: "acme/web:1", resources: {}, args: []}
status:
  replicas: 2
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: shop}
)";

constexpr const char* kSavedDeployment = R"(---
apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    a: "1"
    b: "2"
  name: web
  namespace: shop
spec:
  replicas: 2
  template:
    metadata:
      labels:
        name: web
    spec:
      containers:
      - image: acme/web:1
        name: web
)";

CannedDaemon& exporting(CannedDaemon& daemon, std::string_view yaml) {
  return daemon.on("GET /v6/export", {"\"" + encode_base64(yaml) + "\""});
}

TEST(SaveTest, PrintsWhatSomebodyWouldHaveWritten) {
  CannedDaemon daemon;
  exporting(daemon, kExport);
  const auto ran = run_against(daemon, {"save"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, std::string("---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n"
                                 "spec:\n  finalizers:\n  - kubernetes\n") +
                         kSavedDeployment +
                         "---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: agent\n  namespace: shop\n");
}

TEST(SaveTest, WritesAFileForEachResource) {
  CannedDaemon daemon;
  exporting(daemon, kExport);
  const auto dir = std::filesystem::path(testing::TempDir()) / ("cli-save-" + std::to_string(getpid()));
  const auto missing = run_against(daemon, {"save", "-o", dir.string()});
  EXPECT_EQ(missing.status, 1);
  EXPECT_THAT(missing.err, StartsWith("Error: stat " + dir.string() + ": no such file or directory\n"));
  std::filesystem::create_directories(dir);
  EXPECT_EQ(run_against(daemon, {"save", "-o", dir.string()}).out,
            "Saving Namespace 'shop' to " + dir.string() + "/shop-ns.yaml\n" +           //
                "Saving Deployment 'web' to " + dir.string() + "/shop/web-dep.yaml\n" +  //
                "Saving DaemonSet 'agent' to " + dir.string() + "/shop/agent-DaemonSet.yaml\n");
  std::ifstream saved(dir / "shop" / "web-dep.yaml");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(saved), {}), kSavedDeployment);
  EXPECT_THAT(run_against(daemon, {"save", "-o", (dir / "shop-ns.yaml").string()}).err,
              StartsWith("Error: path " + (dir / "shop-ns.yaml").string() + " is not a directory\n"));
  std::filesystem::remove_all(dir);
}

TEST(SaveTest, FailsOnWhatIsNoExport) {
  struct Case {
    const char* yaml;
    const char* error;
  };
  for (const auto& row :
       {Case{"a: [", "Error: reading what the daemon exported: yaml: "},
        Case{"- 1\n", "Error: reading what the daemon exported: it is no object"},
        Case{"kind: Deployment\nmetadata: {name: ../../etc, namespace: x}\n",
             "Error: reading what the daemon exported: the daemon exported Deployment '../../etc' in"}}) {
    CannedDaemon daemon;
    exporting(daemon, row.yaml);
    const auto ran = run_against(daemon, {"save"});
    EXPECT_EQ(ran.status, 1);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, StartsWith(row.error));
  }
}

TEST(SaveTest, PrintsNothingForAnEmptyExport) {
  CannedDaemon daemon;
  daemon.on("GET /v6/export", {"null"});
  const auto ran = run_against(daemon, {"save"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, "");
}

TEST(SaveTest, SaysThatItWasTheExport) {
  const auto ran = Attempt()({"save", "--url=http://127.0.0.1:1"});
  EXPECT_THAT(ran.err, StartsWith("Error: exporting config: executing HTTP request: "));
}

}  // namespace identity_save_test
}  // namespace flux::cli
