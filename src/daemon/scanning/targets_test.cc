#include "daemon/scanning/targets.h"

#include <gmock/gmock.h>

namespace flux::daemon {
namespace targets_test {

using images::Interest;
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
                                    {}, {});
  // Half a workload would look like a whole one.
  EXPECT_THAT(names(targets), ElementsAre("index.docker.io/library/alpine"));
}

TEST(ScanTargets, AreThoseThatTheGlobsLetThrough) {
  const std::vector<cluster::LiveWorkload> live{
      workload("a", {{"x", "alpine"}, {"y", "k8s.gcr.io/pause:3"}, {"z", "quay.io/team/app:1"}})};
  EXPECT_THAT(names(scan_targets(live, {}, {.exclude = {"k8s.gcr.io/*"}})),
              ElementsAre("index.docker.io/library/alpine", "quay.io/team/app"));
  EXPECT_THAT(names(scan_targets(live, {}, {.include = {"quay.io/*", "k8s.gcr.io/*"}, .exclude = {"k8s.gcr.io/*"}})),
              ElementsAre("quay.io/team/app"));
}

/// With that filter for the container x of deployment/a.
GitNow filtered(const std::string& pattern) {
  auto manifest = std::make_shared<Manifest>();
  manifest->policies = {{"tag.x", pattern}};
  auto git = std::make_shared<sync::DesiredSet>();
  git->set(ResourceId("shop", "deployment", "a"), sync::Desired(manifest, "shop"));
  return [git] { return git; };
}

TEST(ScanTargets, WantWhatAnyFilterLetsThrough) {
  const auto git = filtered("semver:~1");
  const auto one = scan_targets({workload("a", {{"x", "alpine"}})}, git, {});
  EXPECT_EQ(one.at(0).interest()("1.2"), Interest::wanted);
  EXPECT_EQ(one.at(0).interest()("2.0"), Interest::none);
  const auto two = scan_targets({workload("a", {{"x", "alpine"}}), workload("b", {{"x", "alpine"}})}, git, {});
  EXPECT_EQ(two.at(0).interest()("2.0"), Interest::wanted);
}

TEST(ScanTargets, AwaitWhatAFilterThatGoesByTimeLetsThrough) {
  const auto interest = [](const std::string& pattern, const std::string& tag) {
    return scan_targets({workload("a", {{"x", "alpine"}})}, filtered(pattern), {}).at(0).interest()(tag);
  };
  EXPECT_EQ(interest("glob:1.*", "1.2"), Interest::awaited);
  EXPECT_EQ(interest("regexp:^1", "1.2"), Interest::awaited);
  EXPECT_EQ(interest("glob:1.*", "2.0"), Interest::none);
  EXPECT_EQ(interest("semver:~1", "1.2"), Interest::wanted) << "its list decides";
  EXPECT_EQ(interest("glob:*", "1.2"), Interest::wanted) << "it waits for all of them";
}

TEST(ScanTargets, HeedAFilterThatCameMeanwhile) {
  auto git = filtered("glob:1.*");
  const auto targets = scan_targets({workload("a", {{"x", "alpine"}})}, [&git] { return git(); }, {});
  EXPECT_EQ(targets.at(0).interest()("2.0"), Interest::none);
  git = filtered("glob:2.*");
  EXPECT_EQ(targets.at(0).interest()("2.0"), Interest::awaited);
}

}  // namespace targets_test
}  // namespace flux::daemon
