#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "cli/canned_daemon.h"

namespace flux::cli {
namespace sync_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kReady = R"({"remote":{"url":"git@host:shop","branch":"main"},"status":"ready"})";
constexpr const char* kConfig = "POST /v9/git-repo-config";
constexpr const char* kUpdate = "POST /v9/update-manifests";
constexpr const char* kJobs = "GET /v6/jobs";
constexpr const char* kSync = "GET /v6/sync";
constexpr const char* kDone = R"({"Result":{"revision":"0123456789abcdef"},"Err":"","StatusString":"succeeded"})";

std::string config(const std::string& status, const std::string& errors) {
  return R"({"remote":{"url":"git@host:shop","branch":"main"},"status":")" + status + R"(","errors":")" + errors +
         R"("})";
}

TEST(SyncTest, WaitsUntilTheRevisionIsApplied) {
  CannedDaemon daemon;
  daemon.on(kConfig, {kReady})
      .on(kUpdate, {R"("job-1")"})
      .on(kJobs, {R"({"StatusString":"queued"})"})
      .on(kJobs, {R"({"StatusString":"running"})"})
      .on(kJobs, {kDone})
      .on(kSync, {R"(["0123456789abcdef"])"})
      .on(kSync, {R"(["0123456789abcdef"])"})
      .on(kSync, {"[]"});
  Attempt run;
  const auto ran = run({"sync", "--url", daemon.url()});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err,
            "Synchronizing with git@host:shop\n"
            "Revision of main to apply is 0123456\n"
            "Waiting for 0123456 to be applied ...\n"
            "Done.\n");
  EXPECT_THAT(
      daemon.requests(),
      ElementsAre("POST /v9/git-repo-config false",
                  R"(POST /v9/update-manifests {"type":"sync","cause":{"Message":"","User":""},"spec":{}})",
                  "GET /v6/jobs?id=job-1", "GET /v6/jobs?id=job-1", "GET /v6/jobs?id=job-1", "GET /v6/sync?ref=0123456",
                  "GET /v6/sync?ref=0123456", "GET /v12/status", "GET /v6/sync?ref=0123456", "GET /v12/status"));
  EXPECT_THAT(run.pauses, ElementsAre(100, 200, 1000, 2000));
}

TEST(SyncTest, BacksOffUpToACapAndStopsBeforeTheTimeout) {
  CannedDaemon daemon;
  daemon.on(kConfig, {kReady}).on(kUpdate, {R"("j")"}).on(kJobs, {R"({"StatusString":"running"})"});
  Attempt run;
  const auto ran = run({"sync", "--timeout=30s", "--url", daemon.url()});
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.err,
            "Synchronizing with git@host:shop\n"
            "Failed to complete sync job (ID \"j\")\n"
            "Error: timeout\n"
            "Waited 30s for job j. Use --timeout to wait longer.\n"
            "Run 'fluxctl sync --help' for usage.\n");
  EXPECT_THAT(run.pauses, ElementsAre(100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000));
}

/// A job that ends well, with a commit that is never applied.
void never_apply(CannedDaemon& daemon) {
  daemon.on(kConfig, {kReady}).on(kUpdate, {R"("j")"}).on(kJobs, {kDone}).on(kSync, {R"(["0123456789abcdef"])"});
}

api::DaemonStatus failing() {
  api::DaemonStatus status;
  status.last_sync = api::LastSync{{}, std::chrono::seconds(1), "0123456", false, "a.yaml: no kind"};
  return status;
}

TEST(SyncTest, TellsWhyNothingGetsApplied) {
  CannedDaemon daemon;
  never_apply(daemon);
  daemon.on("GET /v12/status", {encode_json(api::to_json(failing()))});
  Attempt run;
  const auto ran = run({"sync", "--url", daemon.url()});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, HasSubstr("Waiting for 0123456 to be applied ...\n"
                                 "0123456 is not applied, and will be tried again: a.yaml: no kind\nError: "))
      << "told at once, and once";
  EXPECT_THAT(ran.err,
              HasSubstr("Error: timeout\nWaited 1m0s for 0123456 to be applied. Use --timeout to wait longer.\n"
                        "The daemon's last sync failed: a.yaml: no kind\nRun '"));
  EXPECT_THAT(run.pauses, ElementsAre(1000, 2000, 4000, 8000, 10000, 10000, 10000, 10000));
}

api::DaemonStatus two_out_of_step() {
  api::DaemonStatus status;
  status.out_of_step = {{"shop:configmap/a", "no such luck", "a.yaml"}, {"shop:job/b", "immutable", ""}};
  return status;
}

TEST(SyncTest, NamesTheResourcesThatCouldNotBeApplied) {
  CannedDaemon daemon;
  daemon.on(kConfig, {kReady}).on(kUpdate, {R"("j")"}).on(kJobs, {kDone}).on(kSync, {"[]"});
  daemon.on("GET /v12/status", {encode_json(api::to_json(two_out_of_step()))});
  const std::string told =
      "Done, but 2 resources are not as git has them; fluxd goes on trying:\n"
      "  shop:configmap/a  no such luck  (a.yaml)\n"
      "  shop:job/b        immutable     \n";
  const auto ran = run_against(daemon, {"sync"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.err, testing::EndsWith(told));
  const auto strict = run_against(daemon, {"sync", "--fail-on-errors"});
  EXPECT_EQ(strict.status, 1);
  EXPECT_THAT(strict.err, HasSubstr(told + "Error: not all resources of 0123456 could be applied\n"));
}

TEST(SyncTest, CannotFailOnErrorsThatAreNotTold) {
  CannedDaemon daemon;
  daemon.on(kConfig, {kReady}).on(kUpdate, {R"("j")"}).on(kJobs, {kDone}).on(kSync, {"[]"});
  EXPECT_EQ(run_against(daemon, {"sync"}).status, 0);
  EXPECT_EQ(run_against(daemon, {"sync", "--fail-on-errors"}).status, 1);
}

TEST(SyncTest, WaitsForADaemonThatHasOnlyJustStarted) {
  CannedDaemon daemon;
  daemon.on(kConfig, {config("new", "git repo has not been cloned yet\\nfluxd is at it; ask again.")})
      .on(kConfig, {config("cloned", "git repo has been cloned but not yet checked for write access")})
      .on(kConfig, {kReady})
      .on(kUpdate, {R"("j")"})
      .on(kJobs, {kDone})
      .on(kSync, {"[]"});
  Attempt run;
  const auto ran = run({"sync", "--url", daemon.url()});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.err, testing::EndsWith("Done.\n"));
  EXPECT_THAT(run.pauses, ElementsAre(100, 200));
}

TEST(SyncTest, WaitsForTheRepositoryNoLongerThanItMay) {
  CannedDaemon daemon;
  daemon.on(kConfig, {config("new", "git repo has not been cloned yet")});
  Attempt run;
  const auto ran = run({"sync", "--timeout=1s", "--url", daemon.url()});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, StartsWith("Error: git repository git@host:shop is not ready to sync\n\n"
                                  "Full error message: git repo has not been cloned yet\n"));
  EXPECT_THAT(run.pauses, ElementsAre(100, 200, 400));
}

struct StatusCase {
  std::string config;
  std::string message;
};

TEST(SyncTest, NeedsARepositoryThatIsReady) {
  const std::vector<StatusCase> cases{
      {config("unconfigured", ""), "no git repository is configured\n"},
      {config("unreachable", "no route"),
       "can not connect to git repository with URL git@host:shop\n\nFull error message: no route\n"},
      {config("new", "no such host"),
       "git repository git@host:shop is not ready to sync\n\nFull error message: no such host\n"},
      {config("cloned", "no write access"),
       "git repository git@host:shop is not ready to sync\n\nFull error message: no write access\n"},
  };
  for (const auto& row : cases) {
    CannedDaemon daemon;
    daemon.on(kConfig, {row.config});
    const auto ran = run_against(daemon, {"sync"});
    EXPECT_EQ(ran.status, 1);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, StartsWith("Error: " + row.message));
    EXPECT_EQ(daemon.requests().size(), 1U);
  }
}

TEST(SyncTest, NamesTheJobThatFailed) {
  CannedDaemon daemon;
  daemon.on(kConfig, {kReady})
      .on(kUpdate, {R"("job-1")"})
      .on(kJobs, {R"({"Err":"HEAD revision is unsigned","StatusString":"failed"})"});
  const auto ran = run_against(daemon, {"sync"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.err,
            "Synchronizing with git@host:shop\n"
            "Failed to complete sync job (ID \"job-1\")\n"
            "Error: HEAD revision is unsigned\n"
            "Run 'fluxctl sync --help' for usage.\n");
}

TEST(SyncTest, CarriesOnWithTheLastVerifiedCommit) {
  const std::string error =
      "The branch HEAD in the git repo is not verified, and fluxd is unable to sync to it. The "
      "last verified commit was 0123456.";
  CannedDaemon daemon;
  daemon.on(kConfig, {kReady})
      .on(kUpdate, {R"("j")"})
      .on(kJobs, {R"({"Result":{"revision":"0123456789"},"StatusString":"failed","Err":")" + error + R"("})"})
      .on(kSync, {"null"});
  const auto ran = run_against(daemon, {"sync"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.err, HasSubstr("\nWarning: " + error + "\nRevision of main to apply is 0123456\n"));
  EXPECT_THAT(ran.err, testing::EndsWith("\nDone.\n"));
}

TEST(SyncTest, CopesWithoutARevision) {
  CannedDaemon daemon;
  daemon.on(kConfig, {kReady}).on(kUpdate, {R"("j")"}).on(kJobs, {R"({"StatusString":"succeeded"})"});
  const auto ran = run_against(daemon, {"sync"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.err, testing::EndsWith("There is no revision of main to apply\n"));
}

TEST(SyncTest, EndsTheWaitWithAnyErrorOfTheDaemon) {
  CannedDaemon daemon;
  daemon.on(kConfig, {kReady})
      .on(kUpdate, {R"("j")"})
      .on(kJobs, {R"({"type":"missing","help":"no such job\n","error":"no such job"})", 404});
  Attempt run;
  EXPECT_THAT(run({"sync", "--url", daemon.url()}).err,
              HasSubstr("Failed to complete sync job (ID \"j\")\n== Error ==\n\nno such job\n"));
  EXPECT_THAT(run.pauses, ElementsAre());
}

TEST(SyncTest, CountsTheSecondsOnATerminalOnly) {
  CannedDaemon daemon;
  daemon.on(kConfig, {kReady}).on(kUpdate, {R"("j")"}).on(kJobs, {R"({"StatusString":"running"})"});
  Attempt run;
  run.world.err_is_terminal = true;
  const auto ran = run({"sync", "--timeout=4s", "--url", daemon.url()});
  EXPECT_THAT(ran.err, HasSubstr("\r\x1b[Kwaiting for job j (1s)\r\x1b[KFailed to complete"));
}

TEST(SyncTest, KeepsTheReasonApartFromTheSeconds) {
  CannedDaemon daemon;
  never_apply(daemon);
  daemon.on("GET /v12/status", {encode_json(api::to_json(api::DaemonStatus()))})
      .on("GET /v12/status", {encode_json(api::to_json(failing()))});
  Attempt run;
  run.world.err_is_terminal = true;
  const auto ran = run({"sync", "--timeout=8s", "--url", daemon.url()});
  EXPECT_THAT(ran.err, HasSubstr("(1s)\r\x1b[K0123456 is not applied, and will be tried again: a.yaml: no kind\n"
                                 "\r\x1b[Kwaiting for 0123456 to be applied (3s)"));
}

TEST(SyncTest, RefusesAnswersThatAreNone) {
  CannedDaemon daemon;
  daemon.on(kConfig, {"<html>", 200, "text/html"});
  EXPECT_THAT(run_against(daemon, {"sync"}).err, StartsWith("Error: decoding response from server: "));
}

}  // namespace sync_test
}  // namespace flux::cli
