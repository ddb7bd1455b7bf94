#include "cluster/workload.h"

#include <gtest/gtest.h>

#include "cluster/whole.h"

namespace flux::cluster {
namespace workload_test {

const ApiType kDeployment{"apps/v1", "Deployment"};

TEST(Workload, is_read_field_by_field) {
  const auto workload = decode_workload(
      R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"cart","namespace":"shop","generation":7,
          "labels":{"app":"cart"},"annotations":{"fluxcd.io/automated":"true","helm.fluxcd.io/antecedent":"a",
          "kubectl.kubernetes.io/last-applied-configuration":"{}"},"managedFields":[{"manager":"x"}]},
          "spec":{"replicas":2,"values":{"image":"not a release's"},"template":{"metadata":{"labels":{"app":"x"}},"spec":{
            "initContainers":[{"name":"init","image":"i:1"}],
            "containers":[{"name":"cart","image":"c:1","env":[{"name":"X","value":"y"}]},{"image":"d","name":"side"}]}}},
          "status":{"observedGeneration":7,"replicas":3,"updatedReplicas":2,"readyReplicas":1,"availableReplicas":1,
            "conditions":[{"type":"Progressing","status":"True","message":"m","reason":"r"}]}})",
      kDeployment);
  ASSERT_TRUE(workload) << workload.error().message;
  EXPECT_EQ(workload->id.to_string(), "shop:deployment/cart");
  EXPECT_EQ(workload->labels, (std::map<std::string, std::string>{{"app", "cart"}}));
  EXPECT_EQ(workload->annotations,
            (std::map<std::string, std::string>{{"fluxcd.io/automated", "true"}, {"helm.fluxcd.io/antecedent", "a"}}));
  EXPECT_EQ(workload->containers, (std::vector<PodContainer>{{"cart", "c:1"}, {"side", "d"}, {"init", "i:1"}}));
  EXPECT_EQ(workload->helm_values, "");
  const auto& rollout = workload->rollout;
  EXPECT_EQ(rollout.generation, 7);
  EXPECT_EQ(rollout.observed_generation, 7);
  EXPECT_EQ(rollout.wanted_replicas, 2);
  EXPECT_EQ(rollout.replicas, 3);
  EXPECT_EQ(rollout.updated_replicas, 2);
  EXPECT_EQ(rollout.ready_replicas, 1);
  EXPECT_EQ(rollout.available_replicas, 1);
  ASSERT_EQ(rollout.conditions.size(), 1U);
  EXPECT_EQ(rollout.conditions[0].message, "m");
}

TEST(Workload, says_how_its_pods_get_images) {
  const auto workload = decode_workload(
      R"({"metadata":{"name":"a","namespace":"shop"},"spec":{"imagePullSecrets":[{"name":"not the pods'"}],"template":
          {"spec":{"serviceAccountName":"puller","serviceAccount":"old","imagePullSecrets":
            [{"name":"one"},{},null,{"name":""},{"name":"two"}]}}}})",
      kDeployment);
  EXPECT_EQ(workload->service_account, "puller");
  EXPECT_EQ(workload->pull_secrets, (std::vector<std::string>{"one", "two"}));
}

TEST(Workload, of_a_helm_release_has_values_and_a_status) {
  const auto release = decode_workload(
      R"({"metadata":{"name":"db","namespace":"shop"},"spec":{"values":{"image": "x:1"}},
          "status":{"releaseStatus":"deployed"}})",
      {"helm.fluxcd.io/v1", "HelmRelease"});
  EXPECT_EQ(release->helm_values, R"({"image": "x:1"})");
  EXPECT_EQ(release->release_status, "deployed");
  EXPECT_FALSE(release->rollout.wanted_replicas);
}

TEST(Workload, tells_addons_by_their_labels_in_kube_system) {
  const struct {
    const char* ns;
    const char* labels;
    bool addon;
  } rows[] = {
      {"kube-system", R"({"kubernetes.io/cluster-service":"true"})", true},
      {"kube-system", R"({"addonmanager.kubernetes.io/mode":"EnsureExists"})", true},
      {"kube-system", R"({"addonmanager.kubernetes.io/mode":"Reconcile"})", true},
      {"kube-system", R"({"addonmanager.kubernetes.io/mode":"Ignore"})", false},
      {"kube-system", R"({"kubernetes.io/cluster-service":"false"})", false},
      {"kube-system", "null", false},
      {"shop", R"({"kubernetes.io/cluster-service":"true"})", false},
  };
  for (const auto& row : rows) {
    const auto workload = decode_workload(
        std::string(R"({"metadata":{"name":"a","namespace":")") + row.ns + R"(","labels":)" + row.labels + "}}",
        kDeployment);
    EXPECT_EQ(workload->is_addon(), row.addon) << row.ns << row.labels;
  }
}

TEST(Workload, that_is_none_is_refused) {
  for (const auto* text : {"", "[]", "{}", R"({"metadata":{}})", R"({"metadata":{"name":"a")"})
    EXPECT_FALSE(decode_workload(text, kDeployment)) << text;
}

TEST(WorkloadPage, gives_every_workload_and_the_place_of_the_next_page) {
  std::string names;
  const auto page = decode_workload_page(
      R"({"kind":"DeploymentList","metadata":{"resourceVersion":"5","continue":"more"},
          "items":[{"metadata":{"name":"a","namespace":"x"}},{"metadata":{"name":"b","namespace":"x"}}]})",
      kDeployment, [&](const LiveWorkload& workload) { names += workload.id.name(); });
  ASSERT_TRUE(page);
  EXPECT_EQ(page->next, "more");
  EXPECT_EQ(names, "ab");
  EXPECT_FALSE(decode_workload_page(R"({"items":[)", kDeployment, [](auto&&) {}));
  EXPECT_FALSE(decode_workload_page(R"({"message":"no list"})", kDeployment, [](auto&&) {}));
}

TEST(SplitPage, gives_the_text_of_every_object) {
  std::vector<std::string> objects;
  const auto page = split_page(R"({"metadata":{"continue":"x"},"items":[ {"a": 1}, {"b":[2]} ]})",
                               [&](std::string_view object) { objects.emplace_back(object); });
  ASSERT_TRUE(page);
  EXPECT_EQ(page->next, "x");
  EXPECT_EQ(objects, (std::vector<std::string>{R"({"a": 1})", R"({"b":[2]})"}));
  EXPECT_FALSE(split_page("nonsense", [](auto) {}));
}

}  // namespace workload_test
}  // namespace flux::cluster
