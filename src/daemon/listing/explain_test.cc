#include "daemon/listing/explain.h"

#include <gmock/gmock.h>

namespace flux::daemon {
namespace explain_test {

using testing::ElementsAre;
using testing::IsEmpty;

const ResourceId kWeb("shop", "deployment", "web");

cluster::LiveWorkload web(const std::string& image) {
  cluster::LiveWorkload workload;
  workload.type = {"apps/v1", "Deployment"};
  workload.id = kWeb;
  workload.containers = {{"web", image}};
  return workload;
}

sync::DesiredSet in_git(Policies policies) {
  auto manifest = std::make_shared<Manifest>();
  manifest->policies = std::move(policies);
  sync::DesiredSet set;
  set.set(kWeb, sync::Desired(manifest, "shop"));
  return set;
}

images::Repository repository() {
  images::Repository out;
  for (const auto& [tag, created] : std::map<std::string, std::string>{
           {"1.0", "2021-01-01T00:00:00Z"}, {"1.1", "2021-02-01T00:00:00Z"}, {"2.0", "2021-03-01T00:00:00Z"}}) {
    out.tags.push_back(tag);
    out.images[tag] = {.id = {"", "web", tag, ""}, .created_at = parse_timestamp(created)};
  }
  out.tags.emplace_back("chart");
  out.excluded["chart"] = "not an image (helm)";
  out.last_update = parse_timestamp("2021-04-01T00:00:00Z");
  return out;
}

KnownImages knows(std::optional<images::Repository> repository) {
  return [repository = std::move(repository)](const std::string&) { return repository; };
}

std::vector<std::string> reasons(const api::Explanation& explanation) {
  std::vector<std::string> out;
  for (const auto& tag : explanation.containers.at(0).tags) out.push_back(tag.tag + " " + tag.reason);
  return out;
}

TEST(Explain, SaysOfEachTagWhyNot) {
  const auto git = in_git({{"automated", "true"}, {"tag.web", "semver:~1"}});
  const auto said =
      explain(web("web:1.0"), {&git, "", false}, knows(repository()), {.use_labels = {}, .all_tags = true});
  EXPECT_THAT(said.notes, IsEmpty());
  const auto& container = said.containers.at(0);
  EXPECT_EQ(container.filter, "semver:~1");
  EXPECT_EQ(container.outcome, "update");
  EXPECT_EQ(container.choice, "1.1");
  EXPECT_EQ(container.summary, "1.1 should run.");
  EXPECT_THAT(reasons(said),
              ElementsAre("2.0 does not match the filter", "1.1 is the one to run", "1.0 is older than the one to run",
                          "chart is no image that could run: not an image (helm)"));
  EXPECT_THAT(explain(web("web:1.0"), {&git, "", false}, knows(repository()), {}).containers.at(0).tags,
              testing::SizeIs(3));
}

TEST(Explain, SaysWhatKeepsAWorkloadFromBeingUpdated) {
  const auto locked = in_git({{"locked", "true"}, {"locked_msg", "release freeze"}});
  EXPECT_THAT(explain(web("web:1.0"), {&locked, "", true}, knows({}), {}).notes,
              ElementsAre("It is not automated: only a release updates it.",
                          "It is locked (release freeze), so nothing but a forced release updates it.",
                          "fluxd may only read the git repository."));
  const sync::DesiredSet nothing;
  EXPECT_THAT(explain(web("web:1.0"), {&nothing, "", false}, knows({}), {}).notes,
              ElementsAre("It is not in the git repository, so fluxd does not update it."));
  EXPECT_THAT(explain(web("web:1.0"), {nullptr, "NotReady", false}, knows({}), {}).notes,
              ElementsAre("The git repository could not be looked at, so its policies are not known."));
}

struct Row {
  const char* image;
  Policies policies;
  std::optional<images::Repository> known;
  const char* outcome;
  const char* summary;
};

TEST(Explain, HasASentenceForEachOutcome) {
  auto unknown = repository();
  unknown.images.erase("2.0");
  auto timeless = repository();
  timeless.images["2.0"].created_at.reset();
  auto failing = images::Repository();
  failing.last_error = "requesting tags: no";
  const std::vector<Row> rows{
      {"web:2.0", {}, repository(), "up_to_date", "It runs the newest image that its filter lets through."},
      {"web:1.0", {{"tag.web", "glob:9*"}}, repository(), "no_candidate", "No tag of its image passes its filter."},
      {"web:1.0", {}, std::nullopt, "not_scanned", "Its image has not been scanned yet."},
      {"web:1.0", {}, failing, "not_scanned", "Nothing is known of its image, because it could not be scanned."},
      {"web:1.0", {}, unknown, "missing_metadata", "Which image is newest is open as long as nothing is known of 2.0."},
      {"web@sha256:00ff",
       {},
       repository(),
       "pinned",
       "It names a digest, so it runs exactly that and is never updated."},
  };
  for (const auto& row : rows) {
    const auto git = in_git(row.policies);
    const auto said = explain(web(row.image), {&git, "", false}, knows(row.known), {});
    EXPECT_EQ(said.containers.at(0).outcome, row.outcome) << row.image;
    EXPECT_EQ(said.containers.at(0).summary, row.summary) << row.image;
  }
  const auto git = in_git({{"tag.web", "semver:~3."}});
  const auto invalid = explain(web("web:1.0"), {&git, "", false}, knows(repository()), {}).containers.at(0);
  EXPECT_EQ(invalid.outcome, "invalid_filter");
  EXPECT_TRUE(invalid.summary.starts_with("Its filter is not valid and lets nothing through: ")) << invalid.summary;
}

}  // namespace explain_test
}  // namespace flux::daemon
