#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "cli/canned_daemon.h"
#include "cli/menu/pseudo_terminal.h"

namespace flux::cli {
namespace release_menu_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kUpdate = "POST /v9/update-manifests";
constexpr const char* kJobs = "GET /v6/jobs";

constexpr const char* kPlan = R"({"StatusString":"succeeded","Result":{"result":{
  "shop:deployment/api":{"Status":"skipped","Error":"locked"},
  "shop:deployment/web":{"Status":"success","PerContainer":[
    {"Container":"web","Current":"ghcr.io/acme/web:1.4.0","Target":"ghcr.io/acme/web:1.6.0"},
    {"Container":"proxy","Current":"envoyproxy/envoy:v1.20","Target":"envoyproxy/envoy:v1.21"}]}}}})";

constexpr const char* kReleased = R"({"StatusString":"succeeded","Result":{"revision":"0123456789","result":{
  "shop:deployment/web":{"Status":"success","PerContainer":[
    {"Container":"proxy","Current":"envoyproxy/envoy:v1.20","Target":"envoyproxy/envoy:v1.21"}]}}}})";

/// A release from a menu, with somebody who types at it.
struct Sitting {
  CannedDaemon daemon;
  PseudoTerminal terminal;

  Ran type(const std::string& keys, std::vector<std::string> more = {}) {
    Attempt attempt;
    attempt.world.terminal = terminal.path();
    std::vector<std::string> args{
        "release", "--all", "-i", "a:b", "--interactive", "--user=me", "--url=" + daemon.url()};
    args.insert(args.end(), more.begin(), more.end());
    auto ran = std::async(std::launch::async, [&] { return attempt(args); });
    if (!keys.empty()) {
      menu = terminal.shows("\x1b[?25l");
      terminal.type(keys);
    }
    return ran.get();
  }

  std::string menu;
};

TEST(ReleaseMenuTest, ReleasesWhatWasChosen) {
  Sitting sitting;
  sitting.daemon.on(kUpdate, {R"("plan")"})
      .on(kUpdate, {R"("release")"})
      .on(kJobs, {kPlan})
      .on(kJobs, {kReleased})
      .on("GET /v6/sync", {"[]"});
  const auto ran = sitting.type(" \r", {"-v", "-m", "why", "--force"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(sitting.menu, HasSubstr("\r\n    shop:deployment/api  skipped  locked\r\n⇒ ◉ shop:deployment/web"));
  EXPECT_EQ(ran.out,
            "WORKLOAD             STATUS   UPDATES\n"
            "shop:deployment/web  success  proxy: envoyproxy/envoy:v1.20 -> v1.21\n");
  EXPECT_EQ(ran.err,
            "Warning: --force will not ignore locked workloads when used with --all\n"
            "Submitting dry-run release ...\nSubmitting selected release ...\n"
            "Commit pushed:\t0123456\nCommit applied:\t0123456\n");
  EXPECT_THAT(sitting.daemon.requests(),
              ElementsAre(testing::AllOf(StartsWith(std::string(kUpdate) + R"( {"type":"image")"),
                                         HasSubstr(R"("Kind":"plan")")),
                          "GET /v6/jobs?id=plan",
                          std::string(kUpdate) +
                              R"( {"type":"containers","cause":{"Message":"why","User":"me"},"spec":{"Kind":"execute",)"
                              R"("ContainerSpecs":{"shop:deployment/web":[{"Container":"proxy",)"
                              R"("Current":"envoyproxy/envoy:v1.20","Target":"envoyproxy/envoy:v1.21"}]},)"
                              R"("SkipMismatches":false,"Force":true}})",
                          "GET /v6/jobs?id=release", "GET /v6/sync?ref=0123456789"));
}

TEST(ReleaseMenuTest, WaitsForThePlanOnlyWhenAskedTo) {
  Sitting sitting;
  sitting.daemon.on(kUpdate, {R"("plan")"}).on(kUpdate, {R"("release")"}).on(kJobs, {kPlan});
  EXPECT_EQ(sitting.type("\r", {"--no-wait"}).out, "release\n");
  EXPECT_EQ(sitting.daemon.requests().size(), 3U);
}

TEST(ReleaseMenuTest, ReleasesNothingUnlessThatWasChosen) {
  struct Case {
    std::string plan;
    std::string keys;
    int status;
    std::string err;
  };
  const std::vector<Case> cases{
      {kPlan, "q", 0, "Aborted.\n"},
      {kPlan, "\x03", 0, "Aborted.\n"},
      {kPlan, " j \r", 1, "Error: no changes found\nNothing was selected.\nRun 'fluxctl release --help' for usage.\n"},
      {R"({"StatusString":"succeeded"})", "", 0, "No changes found.\n"},
      {R"({"StatusString":"succeeded","Result":{"result":{"a:b/c":{"Status":"skipped"}}}})", "", 0,
       "No changes found.\n"},
      {R"({"StatusString":"failed","Err":"HEAD revision is unsigned"})", "", 1,
       "Error: HEAD revision is unsigned\nRun 'fluxctl release --help' for usage.\n"},
  };
  for (const auto& row : cases) {
    Sitting sitting;
    sitting.daemon.on(kUpdate, {R"("plan")"}).on(kJobs, {row.plan});
    const auto ran = sitting.type(row.keys);
    EXPECT_EQ(ran.status, row.status);
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.err, "Submitting dry-run release ...\n" + row.err);
    EXPECT_EQ(sitting.daemon.requests().size(), 2U) << "only the plan is asked for";
    EXPECT_TRUE(sitting.terminal.is_as_before());
  }
}

TEST(ReleaseMenuTest, FailsWhenTheReleaseIsRefused) {
  Sitting sitting;
  sitting.daemon.on(kUpdate, {R"("plan")"})
      .on(kUpdate, {R"({"type":"user","help":"No more today.","error":"closed"})", 422})
      .on(kJobs, {kPlan});
  const auto ran = sitting.type("\r");
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, HasSubstr("Submitting selected release ...\n== Error ==\n\nNo more today.\n"));
}

}  // namespace release_menu_test
}  // namespace flux::cli
