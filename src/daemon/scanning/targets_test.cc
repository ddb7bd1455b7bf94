#include "daemon/scanning/targets.h"

#include <gmock/gmock.h>

namespace flux::daemon {
namespace targets_test {

using testing::ElementsAre;

cluster::LiveWorkload workload(const std::string& name, std::vector<cluster::PodContainer> containers) {
  cluster::LiveWorkload out;
  out.type = {"apps/v1", "Deployment"};
  out.id = ResourceId("shop", "deployment", name);
  out.containers = std::move(containers);
  return out;
}

std::vector<std::string> names(const std::vector<images::Target>& targets) {
  std::vector<std::string> out;
  for (const auto& target : targets) out.push_back(target.image.to_string());
  return out;
}

TEST(ScanTargets, NameEachRepositoryOnceWhateverItsSpelling) {
  const auto targets = scan_targets({workload("a", {{"x", "alpine:3"}, {"y", "docker.io/library/alpine:4"}}),
                                     workload("b", {{"z", "quay.io/team/app@sha256:00"}, {"bad", ""}})},
                                    nullptr, {});
  // Half a workload would look like a whole one.
  EXPECT_THAT(names(targets), ElementsAre("index.docker.io/library/alpine"));
}

TEST(ScanTargets, AreThoseThatTheGlobsLetThrough) {
  const std::vector<cluster::LiveWorkload> live{
      workload("a", {{"x", "alpine"}, {"y", "k8s.gcr.io/pause:3"}, {"z", "quay.io/team/app:1"}})};
  EXPECT_THAT(names(scan_targets(live, nullptr, {.exclude = {"k8s.gcr.io/*"}})),
              ElementsAre("index.docker.io/library/alpine", "quay.io/team/app"));
  EXPECT_THAT(
      names(scan_targets(live, nullptr, {.include = {"quay.io/*", "k8s.gcr.io/*"}, .exclude = {"k8s.gcr.io/*"}})),
      ElementsAre("quay.io/team/app"));
}

TEST(ScanTargets, WantWhatAnyFilterLetsThrough) {
  auto manifest = std::make_shared<Manifest>();
  manifest->policies = {{"tag.x", "semver:~1"}};
  sync::DesiredSet git;
  git.set(ResourceId("shop", "deployment", "a"), sync::Desired(manifest, "shop"));
  const auto one = scan_targets({workload("a", {{"x", "alpine"}})}, &git, {});
  EXPECT_EQ(one.at(0).interest("1.2"), images::Interest::wanted);
  EXPECT_EQ(one.at(0).interest("2.0"), images::Interest::none);
  const auto two = scan_targets({workload("a", {{"x", "alpine"}}), workload("b", {{"x", "alpine"}})}, &git, {});
  EXPECT_EQ(two.at(0).interest("2.0"), images::Interest::wanted);
}

TEST(ScanTargets, AwaitWhatAFilterThatGoesByTimeLetsThrough) {
  const auto interest = [](const std::string& pattern) {
    auto manifest = std::make_shared<Manifest>();
    manifest->policies = {{"tag.x", pattern}};
    sync::DesiredSet git;
    git.set(ResourceId("shop", "deployment", "a"), sync::Desired(manifest, "shop"));
    return scan_targets({workload("a", {{"x", "alpine"}})}, &git, {}).at(0).interest;
  };
  EXPECT_EQ(interest("glob:1.*")("1.2"), images::Interest::awaited);
  EXPECT_EQ(interest("regexp:^1")("1.2"), images::Interest::awaited);
  EXPECT_EQ(interest("glob:1.*")("2.0"), images::Interest::none);
  EXPECT_EQ(interest("semver:~1")("1.2"), images::Interest::wanted) << "its list decides";
  EXPECT_EQ(interest("glob:*")("1.2"), images::Interest::wanted) << "it waits for all of them";
}

}  // namespace targets_test
}  // namespace flux::daemon
