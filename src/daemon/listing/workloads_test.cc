#include "daemon/listing/workloads.h"

#include <gtest/gtest.h>

namespace flux::daemon {
namespace workloads_test {

cluster::LiveWorkload live(const std::string& json, const std::string& kind = "Deployment",
                           const std::string& api_version = "apps/v1") {
  return cluster::decode_workload(json, {api_version, kind}).value();
}

cluster::LiveWorkload cart() {
  return live(
      R"({"metadata":{"name":"cart","namespace":"shop","labels":{"app":"cart"},
          "annotations":{"fluxcd.io/locked":"true","helm.fluxcd.io/antecedent":"shop:helmrelease/all"}},
          "spec":{"replicas":1,"template":{"spec":{
            "initContainers":[{"name":"wait","image":"busybox"}],
            "containers":[{"name":"cart","image":"quay.io/acme/cart:1.4"},
                          {"name":"side","image":"acme/side:2@sha256:abc"}]}}},
          "status":{"replicas":1,"updatedReplicas":1,"readyReplicas":1,"availableReplicas":1}})");
}

sync::DesiredSet git_with(const std::string& kind, const std::string& name, Policies policies) {
  auto manifest = std::make_shared<Manifest>();
  manifest->type = {"apps/v1", kind};
  manifest->name = name;
  manifest->ns = "shop";
  manifest->policies = std::move(policies);
  sync::DesiredSet set;
  set.set(manifest->id_in("shop"), sync::Desired(manifest, "shop"));
  return set;
}

std::string images(const api::ControllerStatus& status) {
  std::string out;
  for (const auto& container : status.containers)
    out += (out.empty() ? "" : " ") + container.name + "=" + container.current.id.to_string();
  return out;
}

TEST(ControllerStatuses, tell_of_filters_that_are_not_valid_and_only_of_those) {
  const auto git = git_with("Deployment", "cart", {{"tag.cart", "semver:~3."}, {"tag.side", "semver:~3"}});
  const auto list = controller_statuses({cart()}, {&git, api::read_only::kNotInRepo, false}, {});
  ASSERT_EQ(list.at(0).containers.size(), 3U);
  EXPECT_EQ(list[0].containers[0].available_error.find("its filter semver:~3. is not valid"), 0U);
  EXPECT_EQ(list[0].containers[1].available_error, "");
  EXPECT_EQ(list[0].containers[2].available_error, "");
}

TEST(ControllerStatuses, tell_of_the_cluster_and_of_git) {
  const auto git = git_with("Deployment", "cart", {{"automated", "true"}, {"ignore", "sync_only"}});
  const std::map<ResourceId, sync::ResourceError> errors{
      {ResourceId("shop", "deployment", "cart"), {"cart.yaml", Error{ErrorKind::user, "refused", ""}}}};
  const auto list = controller_statuses({cart()}, {&git, api::read_only::kNotInRepo, false}, errors);
  ASSERT_EQ(list.size(), 1U);
  const auto& status = list[0];
  EXPECT_EQ(status.id.to_string(), "shop:deployment/cart");
  EXPECT_EQ(images(status), "cart=quay.io/acme/cart:1.4 side=acme/side@sha256:abc wait=busybox");
  EXPECT_EQ(status.status, "ready");
  EXPECT_EQ(status.rollout.desired, 1);
  EXPECT_EQ(status.read_only, "");
  EXPECT_EQ(status.sync_error, "refused");
  EXPECT_EQ(status.antecedent.to_string(), "shop:helmrelease/all");
  EXPECT_EQ(status.labels, (std::map<std::string, std::string>{{"app", "cart"}}));
  EXPECT_EQ(status.policies, (Policies{{"automated", "true"}, {"ignore", "sync_only"}}));
  EXPECT_TRUE(status.automated());
  EXPECT_FALSE(status.ignored());
  EXPECT_FALSE(status.locked()) << "annotations of the cluster are no policies";
}

TEST(ControllerStatuses, say_why_a_workload_cannot_be_changed) {
  const auto ours = git_with("Deployment", "cart", {});
  const auto other = git_with("StatefulSet", "cart", {{"locked", "true"}});
  const struct {
    const char* name;
    GitFacts git;
    std::string_view reason;
  } rows[] = {
      {"in git", {&ours, "NotInRepo", false}, ""},
      {"in git, which we may not write", {&ours, "NotInRepo", true}, "ReadOnlyMode"},
      {"not in git", {&other, "NotInRepo", false}, "NotInRepo"},
      {"not in git, which we may not write either", {&other, "NotInRepo", true}, "NotInRepo"},
      {"no repository", {nullptr, "NoRepo", false}, "NoRepo"},
      {"repository not ready", {nullptr, "NotReady", true}, "NotReady"},
  };
  for (const auto& row : rows) {
    const auto list = controller_statuses({cart()}, row.git, {});
    EXPECT_EQ(list.at(0).read_only, row.reason) << row.name;
    EXPECT_TRUE(list.at(0).policies.empty()) << row.name;
    EXPECT_EQ(list.at(0).sync_error, "") << row.name;
  }
}

TEST(ControllerStatuses, list_no_container_when_an_image_cannot_be_read) {
  const auto list = controller_statuses(
      {live(R"({"metadata":{"name":"a","namespace":"b","annotations":{"helm.fluxcd.io/antecedent":"not an id"}},
                "spec":{"template":{"spec":{"containers":[{"name":"x","image":"acme/x:1"},{"name":"y","image":"/"}]}}}})"),
       live(R"({"metadata":{"name":"b","namespace":"b"}})")},
      {nullptr, "NoRepo", false}, {});
  EXPECT_TRUE(list.at(0).containers.empty());
  EXPECT_TRUE(list.at(0).antecedent.empty());
  EXPECT_FALSE(list.at(0).labels);
  EXPECT_TRUE(list.at(1).containers.empty());
}

TEST(ControllerStatuses, find_the_containers_of_cron_jobs_and_helm_releases) {
  const auto list = controller_statuses(
      {live(R"({"metadata":{"name":"night","namespace":"shop"},"spec":{"jobTemplate":{"spec":{"template":{"spec":{
                "containers":[{"name":"job","image":"acme/job:1"}]}}}}}})",
            "CronJob", "batch/v1"),
       live(R"({"metadata":{"name":"db","namespace":"shop","annotations":{"repository.fluxcd.io/main":"a.b"}},
                "spec":{"values":{"image":"acme/db:2","a":{"b":"acme/main"}}},"status":{"releaseStatus":"failed"}})",
            "HelmRelease", "helm.fluxcd.io/v1")},
      {nullptr, "NoRepo", false}, {});
  EXPECT_EQ(list.at(0).id.to_string(), "shop:cronjob/night");
  EXPECT_EQ(images(list.at(0)), "job=acme/job:1");
  EXPECT_EQ(images(list.at(1)), "chart-image=acme/db:2 main=acme/main");
  EXPECT_EQ(list.at(1).status, "failed");
}

}  // namespace workloads_test
}  // namespace flux::daemon
