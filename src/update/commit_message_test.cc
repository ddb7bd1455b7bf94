#include "update/commit_message.h"

#include <gtest/gtest.h>

namespace flux::update {
namespace commit_message_test {

ResourceId id(const std::string& text) { return ResourceId::parse(text).value(); }
ImageRef image(const std::string& text) { return ImageRef::parse(text).value(); }

UpdateSpec spec(UpdateSpec::Detail detail, std::string message = {}) {
  return {{std::move(message), "ann"}, std::move(detail)};
}

UpdateResult released(const std::map<std::string, std::vector<std::string>>& targets) {
  UpdateResult result;
  for (const auto& [workload, images] : targets) {
    auto& one = result[id(workload)];
    one.status = WorkloadStatus::success;
    for (const auto& each : images) one.containers.push_back({"c", {}, image(each)});
  }
  return result;
}

ReleaseImageSpec release(std::vector<std::string> workloads, std::string what) {
  ReleaseImageSpec spec;
  spec.workloads = std::move(workloads);
  spec.image = std::move(what);
  return spec;
}

TEST(CommitMessage, OfAReleaseNamesImageAndWorkloads) {
  EXPECT_EQ(commit_message(spec(release({"<all>"}, "<all latest>")), {}), "Release all latest to all");
  EXPECT_EQ(commit_message(spec(release({"p:deployment/a", "p:deployment/b"}, "team/app:2")), {}),
            "Release team/app:2 to p:deployment/a, p:deployment/b");
  EXPECT_EQ(commit_message(spec(release({"<all>"}, "<all latest>"), "Hotfix"), {}), "Hotfix");
}

TEST(CommitMessage, OfAutomationNamesEachImageOnce) {
  EXPECT_EQ(
      commit_message(spec(AutomatedSpec{}), released({{"p:deployment/a", {"app:2"}}, {"p:deployment/b", {"app:2"}}})),
      "Auto-release app:2");
  EXPECT_EQ(commit_message(spec(AutomatedSpec{}), released({{"p:deployment/a", {"web:2", "app:2"}}})),
            "Auto-release multiple (2) images\n\n - app:2\n - web:2\n");
  EXPECT_EQ(commit_message(spec(AutomatedSpec{}), {}), "Auto-release (no images)\n");
}

TEST(CommitMessage, OfChosenContainersNamesWhatEachGets) {
  auto result = released({{"p:deployment/b", {"app:2"}}, {"p:deployment/a", {"web:2", "app:2"}}});
  const auto text =
      "Update image refs in p:deployment/a, p:deployment/b\n\np:deployment/a\n- web:2\n- app:2\n\np:deployment/b\n- "
      "app:2\n";
  EXPECT_EQ(commit_message(spec(ReleaseContainersSpec{}), result), text);
  result[id("p:deployment/c")] = {WorkloadStatus::failed, "container(s) not found: x", {}};
  EXPECT_EQ(commit_message(spec(ReleaseContainersSpec{}), result),
            std::string(text) + "\np:deployment/c failed: container(s) not found: x");
}

TEST(CommitMessage, OfPoliciesHasALineForEachKindOfChange) {
  const auto a = id("p:deployment/a");
  const auto b = id("p:deployment/b");
  EXPECT_EQ(
      commit_message(spec(PolicyUpdates{{b, {{{"automated", "true"}}, {}}}, {a, {{{"automated", "true"}}, {}}}}), {}),
      "Automated: p:deployment/a, p:deployment/b\n");
  const PolicyUpdates lock{{a, {{{"locked", "true"}, {"locked_user", "ann"}}, {{"automated", "true"}}}}};
  EXPECT_EQ(commit_message(spec(lock), {}),
            "Updated workload policies\n\n- Deautomated: p:deployment/a\n- Locked: p:deployment/a\n"
            "- Updated policies: p:deployment/a\n");
  EXPECT_EQ(commit_message(spec(PolicyUpdates{{a, {{}, {{"locked", "true"}}}}}, "Go on"), {}),
            "Go on\n\n- Unlocked: p:deployment/a\n");
}

}  // namespace commit_message_test
}  // namespace flux::update
