#include "sync/own_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/test_bounded.h"
#include "cluster/scripted_transport.h"
#include "cluster/testing/memory_api.h"

namespace flux::sync {
namespace own_parts_test {

using cluster::testing::MemoryApi;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

cluster::Resource served(const char* api_version, const char* kind, const char* plural, bool namespaced = true) {
  return {{api_version, kind}, plural, namespaced, true, true, true, true};
}
const auto kPods = served("v1", "Pod", "pods");
const auto kReplicaSets = served("apps/v1", "ReplicaSet", "replicasets");
const auto kInstalls = served("example.org/v1", "Install", "installs", /*namespaced=*/false);
const auto kAccounts = served("v1", "ServiceAccount", "serviceaccounts");
const auto kSecrets = served("v1", "Secret", "secrets");
const auto kBindings = served("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings");
const auto kClusterBindings =
    served("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", /*namespaced=*/false);

Json object(const std::string& ns, const std::string& name, const std::string& uid = "other") {
  Json metadata{{"name", name}, {"uid", uid}};
  if (!ns.empty()) metadata["namespace"] = ns;
  return {{"metadata", metadata}};
}

/// The pod of a daemon, its ReplicaSet, its Deployment and what made that.
struct FindOwnParts : ::testing::Test {
  FindOwnParts() {
    api->put("/apis/example.org/v1/installs/flux", Json::object());
    put("/apis/apps/v1/namespaces/flux/deployments/fluxd",
        owner("example.org/v1", "Install", "flux", "/apis/example.org/v1/installs/flux"));
    put("/apis/apps/v1/namespaces/flux/replicasets/fluxd-1",
        owner("apps/v1", "Deployment", "fluxd", "/apis/apps/v1/namespaces/flux/deployments/fluxd"));
    put(pod, owner("apps/v1", "ReplicaSet", "fluxd-1", "/apis/apps/v1/namespaces/flux/replicasets/fluxd-1"),
        {{"serviceAccountName", "flux"},
         {"imagePullSecrets", {{{"name", "pull"}}}},
         {"volumes",
          {{{"secret", {{"secretName", "git"}}}}, {{"projected", {{"sources", {{{"configMap", {{"name", "ca"}}}}}}}}}}},
         {"containers", {{{"envFrom", {{{"secretRef", {{"name", "env"}}}}}}}}}});
  }
  Json owner(const std::string& api_version, const std::string& kind, const std::string& name,
             const std::string& path) {
    return {{"apiVersion", api_version}, {"kind", kind}, {"name", name}, {"uid", uid(path)}};
  }
  std::string uid(const std::string& path) { return (*api->object(path))["metadata"]["uid"]; }
  void put(const std::string& path, const Json& owner, const Json& spec = Json::object()) {
    api->put(path, {{"metadata", {{"ownerReferences", Json::array({owner})}}}, {"spec", spec}});
  }
  OwnParts find(const OwnPod& own = {"flux", "fluxd-1-x"}) { return find_own_parts(bounded(), *client, catalog, own); }

  const std::string pod = "/api/v1/namespaces/flux/pods/fluxd-1-x";
  std::vector<cluster::Resource> types{kPods, kReplicaSets, cluster::kDeployments, kInstalls};
  std::shared_ptr<MemoryApi> api = std::make_shared<MemoryApi>(types);
  std::unique_ptr<cluster::Client> client = cluster::scripted_client(api);
  cluster::Catalog catalog{types, {}, {}};
};

TEST_F(FindOwnParts, FollowsThePodToItsOwnersAndToWhatItUses) {
  const auto parts = find();
  EXPECT_EQ(parts.unknown, "");
  EXPECT_EQ(parts.service_account, "flux");
  EXPECT_THAT(parts.uids, UnorderedElementsAre(uid(pod), uid("/apis/apps/v1/namespaces/flux/replicasets/fluxd-1"),
                                               uid("/apis/apps/v1/namespaces/flux/deployments/fluxd"),
                                               uid("/apis/example.org/v1/installs/flux")));
  EXPECT_THAT(parts.files, UnorderedElementsAre("Secret/pull", "Secret/git", "Secret/env", "ConfigMap/ca"));
}

TEST_F(FindOwnParts, AsksNobodyOutsideOfACluster) {
  EXPECT_EQ(find({}).ns, "");
  EXPECT_THAT(api->reads(), IsEmpty());
}

TEST_F(FindOwnParts, SaysWhenTheyAreNotKnown) {
  EXPECT_THAT(find({"flux", "node-1"}).unknown, HasSubstr("flux:pod/node-1"));
  api->remove("/apis/apps/v1/namespaces/flux/deployments/fluxd");
  EXPECT_THAT(find().unknown, HasSubstr("flux:deployment/fluxd"));
  catalog = cluster::Catalog({kPods}, {}, {});
  EXPECT_EQ(find().unknown, "not all owners of this pod are known");
}

TEST(WhyOwn, KnowsWhatThisDaemonConsistsOf) {
  const OwnParts parts{"flux", "", "flux", {"pod", "owner"}, {"Secret/git"}};
  const auto binding = [](const Json& subject) {
    auto made = object("shop", "b");
    made["subjects"] = Json::array({{{"kind", "User"}, {"name", "jane"}}, subject});
    return made;
  };
  const struct {
    const char* what;
    cluster::Resource resource;
    Json object;
    const char* expected;
  } cases[] = {
      {"our Deployment", cluster::kDeployments, object("flux", "fluxd", "owner"), "this fluxd runs in it"},
      {"an owner that is in no namespace", kInstalls, object("", "flux", "owner"), "this fluxd runs in it"},
      {"another Deployment", cluster::kDeployments, object("flux", "memcached"), ""},
      {"our account", kAccounts, object("flux", "flux"), "this fluxd runs as it"},
      {"an account elsewhere", kAccounts, object("shop", "flux"), ""},
      {"our Secret", kSecrets, object("flux", "git"), "the pod of this fluxd uses it"},
      {"another Secret", kSecrets, object("flux", "other"), ""},
      {"a ConfigMap of that name", cluster::kConfigMaps, object("flux", "git"), ""},
      {"our binding", kBindings, binding({{"kind", "ServiceAccount"}, {"name", "flux"}, {"namespace", "flux"}}),
       "it gives this fluxd its rights"},
      {"our binding by user", kClusterBindings,
       binding({{"kind", "User"}, {"name", "system:serviceaccount:flux:flux"}}), "it gives this fluxd its rights"},
      {"our binding by group", kClusterBindings, binding({{"kind", "Group"}, {"name", "system:serviceaccounts:flux"}}),
       "it gives this fluxd its rights"},
      {"another's binding", kBindings, binding({{"kind", "ServiceAccount"}, {"name", "flux"}, {"namespace", "shop"}}),
       ""},
  };
  for (const auto& [what, resource, its_object, expected] : cases)
    EXPECT_EQ(why_own(parts, resource, its_object), expected) << what;
}

TEST(WhyOwn, KeepsWhateverItMayBeWhenItDoesNotKnow) {
  const OwnParts unknown{"flux", "pods \"x\" not found", "", {}, {}};
  EXPECT_THAT(why_own(unknown, cluster::kDeployments, object("flux", "a")), HasSubstr("pods \"x\" not found"));
  EXPECT_NE(why_own(unknown, kInstalls, object("", "a")), "");
  EXPECT_NE(why_own(unknown, kBindings, object("shop", "a")), "");
  EXPECT_EQ(why_own(unknown, cluster::kDeployments, object("shop", "a")), "");
  EXPECT_EQ(why_own({}, cluster::kDeployments, object("flux", "a")), "");
}

}  // namespace own_parts_test
}  // namespace flux::sync
