#include "daemon/listing/rollout.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace flux::daemon {
namespace rollout_test {

struct Row {
  const char* name;
  const char* kind;
  const char* json;     // spec and status
  const char* rollout;  // status, then desired/updated/ready/available/outdated and messages
};

std::string shown(const Rollout& rollout) {
  const auto& c = rollout.counts;
  auto text = fmt::format("{} {}/{}/{}/{}/{}", rollout.status, c.desired, c.updated, c.ready, c.available, c.outdated);
  for (const auto& message : c.messages) text += " [" + message + "]";
  return text;
}

TEST(Rollout, follows_the_rules_of_each_kind) {
  const Row rows[] = {
      {"deployment not seen by its controller", "Deployment",
       R"("spec":{"replicas":2},"status":{"observedGeneration":2,"replicas":2,"updatedReplicas":2,"readyReplicas":2,
          "availableReplicas":2})",
       "started 2/2/2/2/0"},
      {"deployment half way", "Deployment",
       R"("spec":{"replicas":3},"status":{"observedGeneration":3,"replicas":4,"updatedReplicas":2,"readyReplicas":3,
          "availableReplicas":3})",
       "updating 3/2/3/3/2"},
      {"deployment with old pods left", "Deployment",
       R"("spec":{"replicas":2},"status":{"observedGeneration":3,"replicas":3,"updatedReplicas":2,"readyReplicas":3,
          "availableReplicas":2})",
       "updating 2/2/3/2/1"},
      {"deployment not available", "Deployment",
       R"("spec":{"replicas":2},"status":{"observedGeneration":3,"replicas":2,"updatedReplicas":2,"readyReplicas":1,
          "availableReplicas":1})",
       "updating 2/2/1/1/0"},
      {"deployment done", "Deployment",
       R"("spec":{"replicas":2},"status":{"observedGeneration":3,"replicas":2,"updatedReplicas":2,"readyReplicas":2,
          "availableReplicas":2,"conditions":[{"type":"Progressing","status":"True","message":"fine"}]})",
       "ready 2/2/2/2/0"},
      {"deployment scaled to nothing", "Deployment", R"("spec":{"replicas":0},"status":{"observedGeneration":3})",
       "ready 0/0/0/0/0"},
      {"deployment that gives up", "Deployment",
       R"("spec":{"replicas":1},"status":{"observedGeneration":3,"replicas":1,"updatedReplicas":1,"readyReplicas":1,
          "availableReplicas":1,"conditions":[{"type":"Progressing","status":"False","message":"too slow"},
          {"type":"Available","status":"False","message":"not told"},
          {"type":"ReplicaFailure","status":"True","message":"quota"}]})",
       "error 1/1/1/1/0 [too slow] [quota]"},
      {"deployment whose failure is of an older generation", "Deployment",
       R"("spec":{"replicas":1},"status":{"observedGeneration":2,
          "conditions":[{"type":"ReplicaFailure","status":"True","message":"quota"}]})",
       "started 1/0/0/0/0 [quota]"},
      {"daemon set not seen", "DaemonSet", R"("status":{"observedGeneration":1})", "started 0/0/0/0/0"},
      {"daemon set half way", "DaemonSet",
       R"("status":{"observedGeneration":3,"desiredNumberScheduled":3,"currentNumberScheduled":3,
          "updatedNumberScheduled":1,"numberReady":3,"numberAvailable":3})",
       "updating 3/1/3/3/2"},
      {"daemon set done", "DaemonSet",
       R"("status":{"observedGeneration":3,"desiredNumberScheduled":3,"currentNumberScheduled":3,
          "updatedNumberScheduled":3,"numberReady":3,"numberAvailable":3})",
       "ready 3/3/3/3/0"},
      {"stateful set not seen", "StatefulSet", R"("spec":{"replicas":1},"status":{})", "started 1/0/0/0/1"},
      {"stateful set rolling", "StatefulSet",
       R"("spec":{"replicas":3},"status":{"observedGeneration":3,"currentRevision":"a","updateRevision":"b",
          "updatedReplicas":1,"currentReplicas":2,"readyReplicas":3})",
       "updating 3/1/3/3/2"},
      {"stateful set done", "StatefulSet",
       R"("spec":{"replicas":3},"status":{"observedGeneration":3,"currentRevision":"b","updateRevision":"b",
          "currentReplicas":3,"readyReplicas":3})",
       "ready 3/3/3/3/0"},
      {"stateful set not ready", "StatefulSet",
       R"("spec":{"replicas":3},"status":{"observedGeneration":3,"currentRevision":"b","updateRevision":"b",
          "currentReplicas":3,"readyReplicas":2})",
       "updating 3/3/2/2/0"},
      {"stateful set with a partition, its part done", "StatefulSet",
       R"("spec":{"replicas":3,"updateStrategy":{"rollingUpdate":{"partition":2}}},
          "status":{"observedGeneration":3,"currentRevision":"a","updateRevision":"b","updatedReplicas":1,
          "currentReplicas":2,"readyReplicas":3})",
       "ready 1/1/3/3/0"},
      {"stateful set with a partition beyond it", "StatefulSet",
       R"("spec":{"replicas":1,"updateStrategy":{"rollingUpdate":{"partition":5}}},
          "status":{"observedGeneration":3,"currentRevision":"a","updateRevision":"b","readyReplicas":1})",
       "ready 0/0/1/1/0"},
      {"cron job", "CronJob", R"("status":{"active":[]})", "ready 0/0/0/0/0"},
      {"Helm release", "HelmRelease", R"("status":{"releaseStatus":"deployed"})", "deployed 0/0/0/0/0"},
      {"Helm release that is new", "HelmRelease", R"("status":{})", " 0/0/0/0/0"},
  };
  for (const auto& row : rows) {
    const auto workload = cluster::decode_workload(
        fmt::format(R"({{"metadata":{{"name":"a","namespace":"shop","generation":3}},{}}})", row.json),
        {"apps/v1", row.kind});
    ASSERT_TRUE(workload) << row.name;
    EXPECT_EQ(shown(rollout_of(*workload)), row.rollout) << row.name;
  }
}

TEST(Rollout, counts_beyond_32_bits_do_not_wrap) {
  const auto workload = cluster::decode_workload(
      R"({"metadata":{"name":"a","namespace":"b"},"spec":{"replicas":9000000000},"status":{}})",
      {"apps/v1", "Deployment"});
  EXPECT_EQ(rollout_of(*workload).counts.desired, 2147483647);
}

}  // namespace rollout_test
}  // namespace flux::daemon
