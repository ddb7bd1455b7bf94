#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/canned_daemon.h"

namespace flux::cli {
namespace update_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kUpdate = "POST /v9/update-manifests";
constexpr const char* kJobs = "GET /v6/jobs";
constexpr const char* kSync = "GET /v6/sync";

std::string succeeded(const std::string& revision, const std::string& result) {
  return R"({"Result":{"revision":")" + revision + R"(","result":)" + result +
         R"(},"Err":"","StatusString":"succeeded"})";
}

constexpr const char* kReleased = R"({
  "shop:deployment/web":{"Status":"success","PerContainer":[
    {"Container":"web","Current":"ghcr.io/acme/web:1.4.0","Target":"ghcr.io/acme/web:1.6.0"},
    {"Container":"proxy","Current":"envoyproxy/envoy:v1.20","Target":"envoyproxy/envoy:v1.21"}]},
  "shop:deployment/api":{"Status":"skipped","Error":"locked"},
  "shop:deployment/old":{"Status":"ignored","Error":"not included"}})";

struct RefusedCase {
  std::vector<std::string> args;
  std::string message;
};

TEST(UpdateTest, RefusesWhatMakesNoSense) {
  const std::vector<RefusedCase> cases{
      {{"automate"}, "-w, --workload is required"},
      {{"automate", "-w", "a"}, "parsing a: invalid service ID"},
      {{"automate", "-w", "a:b/c:d/e"}, "parsing a:b/c:d/e: invalid service ID"},
      {{"automate", "x", "-w", "a"}, "expected no (non-flag) arguments"},
      {{"policy", "-w", "a", "--automate", "--deautomate", "--lock", "--unlock"},
       "automate and deautomate both specified"},
      {{"policy", "-w", "a", "--lock", "--unlock"}, "lock and unlock both specified"},
      {{"policy", "-w", "a:b/c", "--tag", "x"},
       "invalid container/tag pair: \"x\". Expected format is 'container=filter'"},
      {{"lock", "--all", "-w", "a:b/c"}, "can't specify both --all and a workload"},
      {{"unlock", "--all", "-w", "a:b/c"}, "can't specify both --all and a workload"},
      {{"policy", "--all", "--tag", "x"}, "invalid container/tag pair: \"x\". Expected format is 'container=filter'"},
      {{"release"}, "please supply exactly one of --update-image=<image> or --update-all-images"},
      {{"release", "-i", "a:b", "--update-all-images"},
       "please supply only one of --update-image=<image> or --update-all-images"},
      {{"release", "-i", "a:b"}, "please supply either --all, or at least one --workload=<workload>"},
      {{"release", "-i", "a:b", "--all", "--watch", "--dry-run"}, "cannot use --watch with --dry-run"},
      {{"release", "-i", "a:b", "--all", "--watch", "--no-wait"}, "cannot use --no-wait with --watch"},
      {{"release", "-i", "a:b", "--all", "--dry-run", "--no-wait"}, "cannot use --no-wait with --dry-run"},
      {{"release", "-i", "a:b", "--all", "--ok-if-unchanged", "--no-wait"},
       "cannot use --no-wait with --ok-if-unchanged"},
      {{"release", "-i", "a:b", "--all", "--fail-on-errors", "--no-wait"},
       "cannot use --no-wait with --fail-on-errors"},
      {{"release", "--update-all-images", "--all", "-f"},
       "--force has no effect when used with --all and --update-all-images"},
      {{"release", "-i", "a:b", "--all", "--interactive", "--dry-run"}, "cannot use --interactive with --dry-run"},
      {{"release", "-i", "a:b", "--all", "--interactive"},
       "--interactive needs a terminal: /nonexistent/tty: No such file or directory"},
      {{"release", "-i", "a", "--all"},
       "blank tag (if you want latest, explicitly state the tag :latest): invalid image ID"},
      {{"release", "-i", "a@sha256:abc", "--all"},
       "blank tag (if you want latest, explicitly state the tag :latest): invalid image ID"},
      {{"release", "-i", "/a:b", "--all"},
       "parsing \"/a:b\": expected image name as either <image>:<tag> or just <image>: invalid image ID"},
      {{"release", "-i", "a:b", "--workload=x"}, "parsing x: invalid service ID"},
      {{"release", "-i", "a:b", "--workload=d/x", "--exclude=foo"}, "parsing foo: invalid service ID"},
  };
  for (const auto& row : cases) {
    const auto ran = Attempt()(row.args);
    EXPECT_EQ(ran.status, 1) << row.message;
    EXPECT_EQ(ran.out, "") << row.message;
    EXPECT_THAT(ran.err, StartsWith("Error: " + row.message + "\n"));
    EXPECT_THAT(ran.err, testing::EndsWith("Run 'fluxctl " + row.args.front() + " --help' for usage.\n"));
  }
}

TEST(UpdateTest, HoldsBothNamesOfTheWorkloadAgainstEachOther) {
  const auto error = [](const std::string& command) { return Attempt()({command, "-w", "a:b/c", "-c", "d"}).err; };
  const std::string notice = "Flag --controller has been deprecated, changed to --workload, use that instead\n";
  EXPECT_THAT(error("automate"), StartsWith(notice + "Error: can't specify both the controller and workload\n"));
  EXPECT_THAT(error("unlock"), StartsWith(notice + "Error: can't specify both the controller and workload\n"));
  EXPECT_THAT(error("policy"), StartsWith(notice + "Error: can't specify both the controller and workload\n"));
  EXPECT_THAT(error("deautomate"), StartsWith(notice + "Error: can't specify both a controller and workload\n"));
  EXPECT_THAT(error("lock"), StartsWith(notice + "Error: parsing d: invalid service ID\n"));
}

struct PolicyCase {
  std::vector<std::string> args;
  std::string edits;
};

TEST(UpdateTest, SendsPolicyEdits) {
  const std::vector<PolicyCase> cases{
      {{"automate"}, R"({"add":{"automated":"true"},"remove":{}})"},
      {{"deautomate"}, R"({"add":{},"remove":{"automated":"true"}})"},
      {{"lock"}, R"({"add":{"locked":"true"},"remove":{}})"},
      {{"lock", "--user=me", "-m", "why"},
       R"({"add":{"locked":"true","locked_msg":"why","locked_user":"me"},"remove":{}})"},
      {{"unlock", "--user=me"}, R"({"add":{},"remove":{"locked":"true","locked_msg":"true","locked_user":"true"}})"},
      {{"policy"}, R"({"add":{},"remove":{}})"},
      {{"policy", "--automate", "--tag=web=1.*", "--tag=proxy=*"},
       R"({"add":{"automated":"true","tag.web":"glob:1.*"},"remove":{"tag.proxy":"true"}})"},
      {{"policy", "--tag-all=regex:^v", "--tag", "\"web=semver:>=1.2, <2\""},
       R"({"add":{"tag.web":"semver:\u003e=1.2, \u003c2","tag_all":"regexp:^v"},"remove":{}})"},
      {{"policy", "--tag-all=*"}, R"({"add":{"tag_all":"glob:*"},"remove":{}})"},
  };
  for (const auto& row : cases) {
    CannedDaemon daemon;
    daemon.on(kUpdate, {R"("j")"})
        .on(kJobs, {succeeded("0123456789", R"({"shop:deployment/web":{"Status":"success"}})")});
    auto args = row.args;
    args.insert(args.end(), {"-n", "shop", "-w", "Deployment/web"});
    const auto ran = run_against(daemon, args);
    EXPECT_EQ(ran.status, 0);
    // The last line ends with blanks, as tables do whose last field is empty.
    EXPECT_EQ(ran.out, "WORKLOAD             STATUS   UPDATES\nshop:deployment/web  success  \n");
    EXPECT_EQ(ran.err, "Commit pushed:\t0123456\n");
    ASSERT_EQ(daemon.requests().size(), 2U);
    EXPECT_THAT(daemon.requests()[0], StartsWith(R"(POST /v9/update-manifests {"type":"policy","cause":{"Message":)"));
    EXPECT_THAT(daemon.requests()[0], HasSubstr(R"("spec":{"shop:deployment/web":)" + row.edits + "}}"));
  }
}

constexpr const char* kWorkloads = R"([
  {"ID":"shop:deployment/web"},
  {"ID":"shop:deployment/by-hand","ReadOnly":"NotInRepo"},
  {"ID":"kube-system:deployment/dns","ReadOnly":"System"},
  {"ID":"pay:deployment/api","ReadOnly":"ReadOnlyMode"}])";

TEST(UpdateTest, ChangesAllWorkloadsOfGitAtOnce) {
  struct Case {
    std::vector<std::string> args;
    std::string listed;
    std::string edits;
  };
  const std::vector<Case> cases{
      {{"automate"}, "", R"({"add":{"automated":"true"},"remove":{}})"},
      {{"deautomate", "-n", "shop"}, "shop", R"({"add":{},"remove":{"automated":"true"}})"},
      {{"lock", "--user="}, "", R"({"add":{"locked":"true"},"remove":{}})"},
      {{"unlock"}, "", R"({"add":{},"remove":{"locked":"true","locked_msg":"true","locked_user":"true"}})"},
      {{"policy", "--tag-all=semver:~1"}, "", R"({"add":{"tag_all":"semver:~1"},"remove":{}})"},
  };
  for (const auto& row : cases) {
    CannedDaemon daemon;
    daemon.on("GET /v6/services", {kWorkloads})
        .on(kUpdate, {R"("j")"})
        .on(kJobs, {succeeded("0123456789", R"({"pay:deployment/api":{"Status":"success"}})")});
    auto args = row.args;
    args.emplace_back("--all");
    EXPECT_EQ(run_against(daemon, args).status, 0);
    ASSERT_EQ(daemon.requests().size(), 3U) << row.args.front();
    EXPECT_EQ(daemon.requests()[0], "GET /v6/services?namespace=" + row.listed);
    EXPECT_THAT(daemon.requests()[1], HasSubstr(R"("spec":{"pay:deployment/api":)" + row.edits +
                                                R"(,"shop:deployment/web":)" + row.edits + "}}"));
  }
}

TEST(UpdateTest, RefusesAllWhenThatIsNone) {
  CannedDaemon daemon;
  daemon.on("GET /v6/services", {R"([{"ID":"shop:deployment/by-hand","ReadOnly":"NotInRepo"}])"});
  const auto ran = run_against(daemon, {"lock", "--all", "-n", "shop"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, StartsWith("Error: no workload of namespace shop is in git\n"));
  EXPECT_THAT(run_against(daemon, {"lock", "--all"}).err, StartsWith("Error: no workload is in git\n"));
  EXPECT_EQ(daemon.requests().size(), 2U) << "nothing is sent";
}

TEST(UpdateTest, ReleasesAndWaitsUntilItIsApplied) {
  CannedDaemon daemon;
  daemon.on(kUpdate, {R"("j")"}).on(kJobs, {succeeded("0123456789", kReleased)}).on(kSync, {"[]"});
  const auto ran = run_against(daemon, {"release", "--workload=deployment/web", "-n", "shop", "-i",
                                        "ghcr.io/acme/web:1.6.0", "--user=me", "--exclude=shop:deployment/api", "-v"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out,
            "WORKLOAD             STATUS   UPDATES\n"
            "shop:deployment/api  skipped  locked\n"
            "shop:deployment/web  success  web: ghcr.io/acme/web:1.4.0 -> 1.6.0\n"
            "                              proxy: envoyproxy/envoy:v1.20 -> v1.21\n");
  EXPECT_EQ(ran.err, "Submitting release ...\nCommit pushed:\t0123456\nCommit applied:\t0123456\n");
  EXPECT_THAT(daemon.requests(),
              ElementsAre(R"(POST /v9/update-manifests {"type":"image","cause":{"Message":"","User":"me"},"spec":)"
                          R"({"ServiceSpecs":["shop:deployment/web"],"ImageSpec":"ghcr.io/acme/web:1.6.0",)"
                          R"("Kind":"execute","Excludes":["shop:deployment/api"],"Force":false}})",
                          "GET /v6/jobs?id=j", "GET /v6/sync?ref=0123456789"));
}

TEST(UpdateTest, WaitsForNothingWhenAskedTo) {
  struct Case {
    std::vector<std::string> args;
    std::string out;
    std::string err;
  };
  const std::vector<Case> cases{
      {{"release", "--all", "-i", "a:b"}, "j\n", "Submitting release ...\n"},
      {{"lock", "-w", "a:b/c"}, "j\n", ""},
      {{"policy", "-w", "a:b/c", "--tag-all=1.*", "-o", "json"}, "{\"job\":\"j\"}\n", ""},
      {{"automate", "-w", "a:b/c", "-o", "yaml"}, "job: j\n", ""},
  };
  for (const auto& row : cases) {
    CannedDaemon daemon;
    daemon.on(kUpdate, {R"("j")"});
    auto args = row.args;
    args.emplace_back("--no-wait");
    const auto ran = run_against(daemon, args);
    EXPECT_EQ(ran.status, 0);
    EXPECT_EQ(ran.out, row.out);
    EXPECT_EQ(ran.err, row.err);
    EXPECT_EQ(daemon.requests().size(), 1U);
  }
}

TEST(UpdateTest, PlansWithoutWaitingForACommit) {
  CannedDaemon daemon;
  daemon.on(kUpdate, {R"("j")"}).on(kJobs, {succeeded("", kReleased)});
  const auto ran = run_against(daemon, {"release", "--all", "--update-all-images", "--dry-run"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "Submitting dry-run release ...\n");
  EXPECT_THAT(ran.out, testing::Not(HasSubstr("skipped")));
  EXPECT_THAT(daemon.requests()[0], HasSubstr(R"("spec":{"ServiceSpecs":["\u003call\u003e"],"ImageSpec":)"
                                              R"("\u003call latest\u003e","Kind":"plan","Excludes":null,)"
                                              R"("Force":false}})"));
}

TEST(UpdateTest, WarnsOfForceThatDoesLittle) {
  CannedDaemon daemon;
  daemon.on(kUpdate, {R"("j")"}).on(kJobs, {R"({"StatusString":"succeeded"})"});
  EXPECT_EQ(run_against(daemon, {"release", "--all", "-i", "a:b", "-f"}).err,
            "Warning: --force will not ignore locked workloads when used with --all\n"
            "Submitting release ...\nNothing to do\n");
  EXPECT_EQ(run_against(daemon, {"release", "-c", "a:b/c", "--update-all-images", "-f"}).err,
            "Flag --controller has been deprecated, changed to --workload, use that instead\n"
            "Warning: --force will not ignore container image tags when used with --update-all-images\n"
            "Submitting release ...\nNothing to do\n");
}

std::string failed(const std::string& error, const std::string& result) {
  return R"({"Result":{"result":)" + result + R"(},"Err":")" + error + R"(","StatusString":"failed"})";
}

constexpr const char* kUnchanged = R"({
  "a:b/c":{"Status":"skipped","Error":"locked"},
  "a:b/d":{"Status":"failed","Error":"container(s) not found: x"},
  "a:b/e":{"Status":"ignored","Error":"not included"},
  "a:b/f":{"Status":"success"}})";

TEST(UpdateTest, FailsAsTheJobDoes) {
  CannedDaemon daemon;
  daemon.on(kUpdate, {R"("j")"}).on(kJobs, {failed("no changes made in repo", kUnchanged)});
  const auto ran = run_against(daemon, {"release", "--all", "-i", "a:b"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err,
            "Submitting release ...\n"
            "Error: no changes made in repo\n"
            "a:b/c  skipped  locked\n"
            "a:b/d  failed   container(s) not found: x\n"
            "Not named: 1 ignored (not included).\n"
            "Run 'fluxctl release --help' for usage.\n");
}

TEST(UpdateTest, NamesNoMoreWorkloadsThanAScreenHolds) {
  std::string result;
  for (char name = 'a'; name <= 'm'; ++name)
    result += (result.empty() ? "{" : ",") + std::string("\"a:b/") + name + R"(":{"Status":"skipped"})";
  CannedDaemon daemon;
  daemon.on(kUpdate, {R"("j")"}).on(kJobs, {failed("no changes made in repo", result + "}")});
  const auto ran = run_against(daemon, {"release", "--all", "-i", "a:b"});
  EXPECT_THAT(ran.err, HasSubstr("a:b/j  skipped  \nNot named: 3 skipped.\n"));
}

TEST(UpdateTest, TakesNoChangeForSuccessWhenAskedTo) {
  for (const auto* error : {"no changes made in repo", "no changes found"}) {
    CannedDaemon daemon;
    daemon.on(kUpdate, {R"("j")"}).on(kJobs, {failed(error, R"({"a:b/c":{"Status":"skipped","Error":"locked"}})")});
    const auto ran = run_against(daemon, {"release", "--all", "-i", "a:b", "--ok-if-unchanged", "-v", "--watch"});
    EXPECT_EQ(ran.status, 0);
    EXPECT_EQ(ran.out, "WORKLOAD   STATUS   UPDATES\na:b/c      skipped  locked\n");
    EXPECT_EQ(ran.err, "Submitting release ...\nNothing to do\n");
    EXPECT_EQ(daemon.requests().size(), 2U) << "there is no rollout to watch";
  }
  CannedDaemon daemon;
  daemon.on(kUpdate, {R"("j")"}).on(kJobs, {failed("HEAD revision is unsigned", "{}")});
  const auto ran = run_against(daemon, {"release", "--all", "-i", "a:b", "--ok-if-unchanged"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, HasSubstr("\nError: HEAD revision is unsigned\n"));
}

TEST(UpdateTest, SaysThatTheOutcomeIsUnknownWhenTheJobTakesTooLong) {
  CannedDaemon daemon;
  daemon.on(kUpdate, {R"("j")"}).on(kJobs, {R"({"StatusString":"running"})"});
  const auto ran = run_against(daemon, {"lock", "-w", "a:b/c"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, StartsWith("\nWe timed out waiting for the result of the operation."));
  EXPECT_THAT(ran.err, HasSubstr("\nError: timeout\n"));
}

TEST(UpdateTest, TakesAPushedCommitForSuccess) {
  CannedDaemon daemon;
  daemon.on(kUpdate, {R"("j")"}).on(kJobs, {succeeded("0123456789", kReleased)}).on(kSync, {R"(["0123456789"])"});
  const auto ran = run_against(daemon, {"release", "--all", "-i", "a:b"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.err, HasSubstr("Commit pushed:\t0123456\n\nThe operation succeeded, but we timed out waiting for "
                                 "the commit to be\n"));
  EXPECT_THAT(ran.err, HasSubstr("fluxctl sync"));
}

TEST(UpdateTest, PrintsAnEmptyTableForAPolicyThatIsThereAlready) {
  CannedDaemon daemon;
  daemon.on(kUpdate, {R"("j")"}).on(kJobs, {succeeded("", R"({"a:b/c":{"Status":"skipped"}})")});
  const auto ran = run_against(daemon, {"lock", "-w", "a:b/c"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, "WORKLOAD   STATUS   UPDATES\n");
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(run_against(daemon, {"lock", "-w", "a:b/c", "-v", "--no-headers"}).out, "a:b/c  skipped  \n");
  EXPECT_EQ(run_against(daemon, {"lock", "-w", "a:b/c", "-v", "-o", "json"}).out,
            "{\"revision\":\"\",\"result\":{\"a:b/c\":{\"Status\":\"skipped\",\"PerContainer\":null}}}\n");
}

constexpr const char* kRollout = R"([{"ID":"shop:deployment/web","Status":"updating",
  "Rollout":{"Desired":3,"Updated":1,"Ready":1,"Outdated":2},
  "Containers":[{"Name":"web","Current":{"ID":"ghcr.io/acme/web:1.6.0"}},
                {"Name":"proxy","Current":{"ID":"envoyproxy/envoy:v1.21"}}]}])";

TEST(UpdateTest, WatchesTheRollout) {
  CannedDaemon daemon;
  daemon.on(kUpdate, {R"("j")"})
      .on(kJobs, {succeeded("0123456789", kReleased)})
      .on(kSync, {"[]"})
      .on("GET /v11/services", {kRollout})
      .on("GET /v11/services", {R"([{"ID":"shop:deployment/web","Status":"ready"}])"});
  Attempt run;
  const auto ran = run({"release", "--all", "-i", "a:b", "-wv", "--url", daemon.url()});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, HasSubstr("WORKLOAD             CONTAINER  IMAGE                   RELEASE   REPLICAS\n"
                                 "shop:deployment/web  web        ghcr.io/acme/web:1.6.0  updating  1/3 (2 outdated, 1 "
                                 "ready)\n"
                                 "                     proxy      envoyproxy/envoy:v1.21            \n\n"));
  EXPECT_THAT(ran.err, testing::EndsWith("Monitoring rollout ...\nAll workloads ready.\n"));
  EXPECT_EQ(daemon.requests().back(), "GET /v11/services?namespace=&services=shop%3Adeployment%2Fweb");
  EXPECT_THAT(run.pauses, ElementsAre(2000));
}

TEST(UpdateTest, EndsTheWatchWithAProblem) {
  CannedDaemon daemon;
  daemon.on(kUpdate, {R"("j")"})
      .on(kJobs, {succeeded("0123456789", kReleased)})
      .on(kSync, {"[]"})
      .on("GET /v11/services", {R"([{"ID":"a:b/c","Rollout":{"Messages":["it crashed","twice"]}}])"});
  const auto ran = run_against(daemon, {"release", "--all", "-i", "a:b", "-w"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.err, testing::EndsWith("There was a problem releasing a:b/c:\nit crashed\ntwice\n"));
  const auto strict = run_against(daemon, {"release", "--all", "-i", "a:b", "-w", "--fail-on-errors"});
  EXPECT_EQ(strict.status, 1);
  EXPECT_THAT(strict.err, HasSubstr("it crashed\ntwice\nError: the rollout failed\n"));
}

TEST(UpdateTest, FailsBecauseOfWorkloadsWhenAskedTo) {
  const auto ran = [](const std::string& result, std::vector<std::string> args) {
    CannedDaemon daemon;
    daemon.on(kUpdate, {R"("j")"}).on(kJobs, {succeeded("0123456789", result)}).on(kSync, {"[]"});
    args.insert(args.begin(), {"release", "--all", "-i", "a:b"});
    return run_against(daemon, args);
  };
  const std::string one_failed = R"({"a:b/c":{"Status":"success"},"a:b/d":{"Status":"failed","Error":"broken"}})";
  EXPECT_EQ(ran(one_failed, {}).status, 0);
  EXPECT_EQ(ran(kReleased, {"--fail-on-errors"}).status, 0);
  const auto strict = ran(one_failed, {"--fail-on-errors"});
  EXPECT_EQ(strict.status, 1);
  EXPECT_THAT(strict.err, HasSubstr("Commit applied:\t0123456\nError: a:b/d failed: broken\n"));
}

TEST(UpdateTest, GivesUpWatchingWhatDoesNotMove) {
  CannedDaemon daemon;
  daemon.on(kUpdate, {R"("j")"})
      .on(kJobs, {succeeded("0123456789", kReleased)})
      .on(kSync, {"[]"})
      .on("GET /v11/services", {kRollout});
  const auto ran = run_against(daemon, {"release", "--all", "-i", "a:b", "-w", "--timeout=10s"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, HasSubstr("\nError: timeout\nThe rollout has made no progress for 10s."));
}

}  // namespace update_test
}  // namespace flux::cli
