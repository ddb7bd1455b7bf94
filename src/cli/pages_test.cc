#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "cli/canned_daemon.h"
#include "cli/diff_page.h"
#include "cli/explanation_page.h"
#include "cli/status_page.h"

namespace flux::cli {
namespace pages_test {

using testing::HasSubstr;
using testing::StartsWith;

Timestamp at(std::string_view text) { return *parse_timestamp(text); }

api::DaemonStatus troubled() {
  api::DaemonStatus status;
  status.version = "2.0.0";
  status.git_url = "git@host:shop";
  status.branch = "main";
  status.paths = {"deploy", "base"};
  status.git_status = "unreachable";
  status.git_errors = "no route to host";
  status.head = "fedcba9876543210";
  status.live_revision = "0123456789abcdef";
  status.live_since = at("2021-03-09T07:30:00Z");
  status.last_sync = api::LastSync{at("2021-03-09T09:59:15Z"), std::chrono::milliseconds(1234), "fedcba9876543210",
                                   false, "2 resources failed"};
  status.out_of_step = {{"shop:deployment/web", "spec.replicas: invalid", "deploy/web.yaml"},
                        {"shop:service/old", "to be deleted", ""}};
  status.running_job = api::JobSummary{"job-1", "policy", "me", "why not"};
  status.queued_jobs = {{"job-2", "sync", "", ""}};
  status.last_errors = {{at("2021-03-07T09:00:00Z"), "could not push"}};
  return status;
}

TEST(StatusPageTest, TellsWhatIsWrong) {
  EXPECT_EQ(status_page(troubled(), at("2021-03-09T10:00:00Z"), Paint(false)),
            "Daemon:      fluxd 2.0.0\n"
            "Repository:  git@host:shop, branch main, deploy, base\n"
            "             unreachable\n"
            "             no route to host\n"
            "Live:        0123456 since 2021-03-09 07:30:00 UTC (2h30m ago); fedcba9 is not applied yet\n"
            "Last sync:   failed of fedcba9, 2021-03-09 09:59:15 UTC (45s ago), took 1.234s\n"
            "             2 resources failed\n"
            "\n"
            "Out of step:\n"
            "  shop:deployment/web  spec.replicas: invalid  (deploy/web.yaml)\n"
            "  shop:service/old     to be deleted           \n"
            "\n"
            "Jobs:\n"
            "  running  job-1  policy  me  why not\n"
            "  queued   job-2  sync        \n"
            "\n"
            "Recent errors:\n"
            "  2021-03-07 09:00:00 UTC (2d ago)  could not push\n");
}

TEST(StatusPageTest, TellsOfAnOldCopyAndOfRefusedDeletions) {
  api::DaemonStatus status;
  status.git_url = "git@host:shop";
  status.branch = "main";
  status.git_status = "ready";
  status.git_errors = "connection refused\nIs the server up?";
  status.deletions_refused = "6 of 8 would go";
  status.last_sync = api::LastSync{{}, {}, "0123456789", true, ""};
  const auto page = status_page(status, {}, Paint(false));
  EXPECT_THAT(page, HasSubstr("Repository:  git@host:shop, branch main\n"
                              "             cannot be fetched at the moment\n"
                              "             connection refused\n"
                              "             Is the server up?\n"
                              "Live: "));
  EXPECT_THAT(page, testing::EndsWith("\nGarbage collection refused, nothing is deleted:\n  6 of 8 would go\n"));
  EXPECT_THAT(page, testing::Not(HasSubstr("In step")));
}

TEST(StatusPageTest, ShowsOnlyImagesThatAreNotWellUnlessAskedForAll) {
  api::DaemonStatus status;
  status.images = {{{.image = "r.example/a", .last_success = at("2021-03-09T10:00:00Z")},
                    {.image = "r.example/b", .credentials = "anonymous", .error = "refused"}}};
  const auto page = status_page(status, at("2021-03-09T10:00:00Z"), Paint(false));
  EXPECT_THAT(page, HasSubstr("Images:      2 scanned, 1 of them not well\n"));
  EXPECT_THAT(page, HasSubstr("\nImages that are not well:\n  r.example/b (credentials: anonymous)\n    refused\n"));
  EXPECT_THAT(page, testing::Not(HasSubstr("r.example/a")));
  EXPECT_THAT(status_page(status, {}, Paint(false), true), HasSubstr("\nImages:\n  IMAGE"));
}

TEST(StatusPageTest, IsShortWhenAllIsWell) {
  api::DaemonStatus status;
  status.version = "2.0.0";
  status.git_url = "git@host:shop";
  status.branch = "main";
  status.git_status = "ready";
  status.head = status.live_revision = "0123456789abcdef";
  EXPECT_EQ(status_page(status, {}, Paint(false)),
            "Daemon:      fluxd 2.0.0\n"
            "Repository:  git@host:shop, branch main\n"
            "Live:        0123456\n"
            "Last sync:   none yet\n");
  status.last_sync = api::LastSync{at("2021-03-09T09:48:00Z"), std::chrono::seconds(2), status.head, true, ""};
  EXPECT_THAT(status_page(status, at("2021-03-09T10:00:00Z"), Paint(false)),
              testing::EndsWith("Last sync:   succeeded of 0123456, 2021-03-09 09:48:00 UTC (12m ago), took 2s\n"
                                "In step:     yes\n"));
  EXPECT_THAT(status_page(status, {}, Paint(true)), HasSubstr("In step:     \x1b[32myes\x1b[0m\n"));
}

TEST(StatusCommandTest, PrintsThePageOrTheValue) {
  CannedDaemon daemon;
  daemon.on("GET /v12/status", {encode_json(api::to_json(troubled()))});
  const auto page = run_against(daemon, {"status"});
  EXPECT_EQ(page.status, 0);
  EXPECT_EQ(page.err, "");
  EXPECT_EQ(page.out, status_page(troubled(), at("2021-03-09T10:00:00Z"), Paint(false)));
  EXPECT_EQ(run_against(daemon, {"status", "-o", "json"}).out, encode_json(api::to_json(troubled())) + "\n");
}

TEST(StatusCommandTest, ColoursOnATerminalOnly) {
  CannedDaemon daemon;
  daemon.on("GET /v12/status", {encode_json(api::to_json(troubled()))});
  const auto out = [&](bool terminal, std::string no_colour) {
    Attempt run;
    run.world.out_is_terminal = terminal;
    run.world.environment["NO_COLOR"] = std::move(no_colour);
    return run({"status", "--url", daemon.url()}).out;
  };
  EXPECT_THAT(out(true, ""), HasSubstr("\x1b["));
  EXPECT_THAT(out(true, "1"), testing::Not(HasSubstr("\x1b[")));
  EXPECT_THAT(out(false, ""), testing::Not(HasSubstr("\x1b[")));
}

TEST(StatusCommandTest, SaysThatTheDaemonIsTooOld) {
  CannedDaemon daemon;
  daemon.on("GET /v12/status", {R"({"type":"missing","error":"endpoint not found","help":"The API endpoint requested )"
                                R"((/api/flux/v12/status) is not supported by this server.\n"})",
                                404});
  const auto ran = run_against(daemon, {"status"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, StartsWith("== Error ==\n\nThe API endpoint requested (/api/flux/v12/status)"));
  EXPECT_THAT(ran.err, HasSubstr("needs fluxd 2.0 or newer"));
}

api::SyncDiff some_changes() {
  api::SyncDiff diff;
  diff.ref = "HEAD";
  diff.revision = "fedcba9876543210";
  diff.changes = {{"shop:deployment/web", api::DiffAction::change, "changed in git", "web.yaml",
                   "--- a\n+++ b\n@@ -1 +1 @@\n-replicas: 1\n+replicas: 2\n same\n"},
                  {"shop:service/old", api::DiffAction::remove, "", "", ""}};
  diff.notes = {"one is ignored"};
  diff.refusals = {"too many would go"};
  return diff;
}

api::Explanation an_explanation() {
  return {ResourceId("shop", "deployment", "web"),
          {"It is not automated: only a release updates it."},
          {{.name = "web",
            .image = {"", "web", "1.0", ""},
            .filter = "semver:~1",
            .outcome = "update",
            .summary = "1.1 should run.",
            .choice = "1.1",
            .last_error = "requesting tags: no",
            .scanned = parse_timestamp("2021-04-01T10:11:12.5Z"),
            .tags = {{.tag = "1.1", .created = parse_timestamp("2021-02-01T00:00:00Z"), .reason = "is the one to run"},
                     {.tag = "1.0", .why = "older", .reason = "is older than the one to run"},
                     {.tag = "0.9", .why = "filter", .reason = "does not match the filter"}}}}};
}

TEST(ExplanationPage, ShowsWhatRunsWhatShouldAndWhyNoOther) {
  EXPECT_EQ(explanation_page(an_explanation(), 2),
            "shop:deployment/web\n"
            "It is not automated: only a release updates it.\n"
            "\n"
            "web: web:1.0\n"
            "  filter: semver:~1\n"
            "  last scan failed: requesting tags: no\n"
            "  scanned: 2021-04-01T10:11:12Z\n"
            "  1.1 should run.\n"
            "    1.1  2021-02-01  is the one to run\n"
            "  * 1.0              is older than the one to run\n"
            "    and 1 more; --limit=0 shows all\n");
}

TEST(Explain, AsksForTheWorkloadOfItsNamespace) {
  CannedDaemon daemon;
  daemon.on("GET /v12/explain", {encode_json(api::to_json(an_explanation()))});
  const auto ran = run_against(daemon, {"explain", "deployment/web", "-n", "shop"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out, explanation_page(an_explanation(), 20));
  EXPECT_THAT(daemon.requests(), testing::ElementsAre("GET /v12/explain?all=false&service=shop%3Adeployment%2Fweb"));
  EXPECT_EQ(run_against(daemon, {"explain"}).status, 1);
  EXPECT_EQ(run_against(daemon, {"explain", "web"}).status, 1);
}

TEST(DiffPageTest, ShowsOneResourceAfterTheOther) {
  EXPECT_EQ(diff_page(some_changes(), Paint(false)),
            "# change shop:deployment/web (web.yaml): changed in git\n"
            "--- a\n+++ b\n@@ -1 +1 @@\n-replicas: 1\n+replicas: 2\n same\n"
            "# delete shop:service/old\n");
  EXPECT_THAT(
      diff_page(some_changes(), Paint(true)),
      HasSubstr("\x1b[36m@@ -1 +1 @@\x1b[0m\n\x1b[31m-replicas: 1\x1b[0m\n\x1b[32m+replicas: 2\x1b[0m\n same\n"));
}

TEST(DiffCommandTest, KeepsRemarksAwayFromThePatch) {
  CannedDaemon daemon;
  daemon.on("GET /v12/diff", {encode_json(api::to_json(some_changes()))});
  const auto ran = run_against(daemon, {"diff", "--ref=HEAD"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.out, diff_page(some_changes(), Paint(false)));
  EXPECT_THAT(ran.err, testing::StartsWith("Note: one is ignored\nWarning: too many would go\n"
                                           "Error: a sync of fedcba9 would not do all that it says\n"));
  EXPECT_THAT(daemon.requests(), testing::ElementsAre("GET /v12/diff?ref=HEAD"));
  EXPECT_THAT(run_against(daemon, {"diff", "-o", "yaml"}).out, HasSubstr("\nrevision: fedcba9876543210\n"));
}

TEST(DiffCommandTest, SaysWhenThereIsNothingToDo) {
  CannedDaemon daemon;
  daemon.on("GET /v12/diff", {R"({"ref":"","revision":"0123456789","changes":[],"notes":[],"refusals":[]})"});
  const auto ran = run_against(daemon, {"diff"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "The cluster is as 0123456 has it.\n");
}

struct Unchanged {
  const char* lists;
  int status;
  const char* says;
};

TEST(DiffCommandTest, DoesNotCallAClusterInStepThatCannotBe) {
  const auto* const but = "A sync of 0123456 would change nothing, but see above what it leaves as it is.\n";
  const Unchanged cases[] = {
      {R"("notes":["shop:configmap/a is left alone"],"refusals":[])", 0, but},
      {R"("notes":[],"refusals":["shop:configmap/a: no such kind"])", 1, but},
      {R"("notes":[],"refusals":[])", 0, "The cluster is as 0123456 has it.\n"},
  };
  for (const auto& row : cases) {
    CannedDaemon daemon;
    daemon.on("GET /v12/diff", {R"({"ref":"","revision":"0123456789","changes":[],)" + std::string(row.lists) + "}"});
    const auto ran = run_against(daemon, {"diff"});
    EXPECT_EQ(ran.status, row.status) << row.lists;
    EXPECT_THAT(ran.err, HasSubstr(row.says));
    EXPECT_EQ(run_against(daemon, {"diff", "-o", "json"}).status, row.status) << row.lists;
  }
}

}  // namespace pages_test
}  // namespace flux::cli
