#include "cli/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "cli/canned_daemon.h"

namespace flux::cli {
namespace program_test {

using testing::HasSubstr;
using testing::StartsWith;

struct ErrorCase {
  std::vector<std::string> args;
  std::string message;
  std::string command;
};

std::string rendered(const ErrorCase& row) {
  return "Error: " + row.message + "\nRun 'fluxctl " + row.command + (row.command.empty() ? "" : " ") +
         "--help' for usage.\n";
}

TEST(ProgramTest, RefusesWhatItCannotParse) {
  const std::vector<ErrorCase> cases{
      {{"foo"}, "unknown command \"foo\" for \"fluxctl\"", ""},
      {{"syn"}, "unknown command \"syn\" for \"fluxctl\"\n\nDid you mean this?\n\tsync\n", ""},
      {{"--bogus"}, "unknown flag: --bogus", ""},
      {{"--bogus", "sync", "extra"}, "unknown command \"extra\" for \"fluxctl\"", ""},
      {{"sync", "--bogus"}, "unknown flag: --bogus", "sync"},
      {{"sync", "--help", "--bogus"}, "unknown flag: --bogus", "sync"},
      {{"sync", "-z"}, "unknown shorthand flag: 'z' in -z", "sync"},
      {{"version", "--url"}, "flag needs an argument: --url", "version"},
      {{"version", "-u"}, "flag needs an argument: 'u' in -u", "version"},
      {{"list-workloads", "-namespace", "x"}, "expected no (non-flag) arguments", "list-workloads"},
      {{"list-controllers", "x"}, "expected no (non-flag) arguments", "list-workloads"},
      {{"release", "-v2"}, "unknown shorthand flag: '2' in -2", "release"},
      {{"version", "--timeout", "5"},
       "invalid argument \"5\" for \"--timeout\" flag: time: missing unit in duration \"5\"",
       "version"},
      {{"version", "--help=maybe"},
       "invalid argument \"maybe\" for \"-h, --help\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
       "version"},
      {{"version", "--k8s-fwd-labels", "a"},
       "invalid argument \"a\" for \"--k8s-fwd-labels\" flag: a must be formatted as key=value",
       "version"},
      {{"__complete"}, "requires at least 1 arg(s), only received 0", "__complete"},
  };
  for (const auto& row : cases) {
    const auto ran = Attempt()(row.args);
    EXPECT_EQ(ran.status, 1) << row.message;
    EXPECT_EQ(ran.out, "") << row.message;
    EXPECT_EQ(ran.err, rendered(row));
  }
}

TEST(ProgramTest, PrintsHelpWithoutADaemon) {
  for (const auto& args : std::vector<std::vector<std::string>>{
           {}, {"-h"}, {"--help"}, {"-h", "sync"}, {"help"}, {"--k8s-fwd-ns", "sync"}, {"--", "sync"}}) {
    const auto ran = Attempt()(args);
    EXPECT_EQ(ran.status, 0);
    EXPECT_EQ(ran.err, "");
    EXPECT_THAT(ran.out, HasSubstr("\nAvailable Commands:\n")) << testing::PrintToString(args);
  }
  for (const auto& args : std::vector<std::vector<std::string>>{
           {"sync", "-h"}, {"sync", "x", "--help"}, {"help", "sync"}, {"help", "sync", "x"}}) {
    const auto ran = Attempt()(args);
    EXPECT_EQ(ran.status, 0);
    EXPECT_THAT(ran.out, HasSubstr("\nUsage:\n  fluxctl sync [flags]\n")) << testing::PrintToString(args);
  }
}

TEST(ProgramTest, HelpOnNothingKnownIsNoFailure) {
  const auto ran = Attempt()({"help", "nope", "nape"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, StartsWith("Unknown help topic [`nope` `nape`]\nUsage:\n  fluxctl [command]\n"));
}

TEST(ProgramTest, PrintsItsVersion) {
  EXPECT_EQ(Attempt()({"version"}).out, "1.2.3\n");
  Attempt run;
  run.world.version = "";
  EXPECT_EQ(run({"version"}).out, "unversioned\n");
}

TEST(ProgramTest, TellsOfDeprecatedFlagsOnceForEachUse) {
  const auto ran = Attempt()({"install", "--git-paths=a", "--git-paths=b", "x"});
  EXPECT_EQ(ran.err,
            "Flag --git-paths has been deprecated, please use --git-path (no ending s) instead\n"
            "Flag --git-paths has been deprecated, please use --git-path (no ending s) instead\n"
            "Error: expected no (non-flag) arguments\n"
            "Run 'fluxctl install --help' for usage.\n");
}

TEST(ProgramTest, ChecksArgumentsBeforeItConnects) {
  Attempt run;
  run.world.open_tunnel = [](const auto&...) -> Result<std::unique_ptr<Tunnel>> {
    ADD_FAILURE() << "a tunnel was opened";
    return fail(ErrorKind::server, "no");
  };
  EXPECT_THAT(run({"automate"}).err, StartsWith("Error: -w, --workload is required\n"));
}

TEST(ProgramTest, ShowsTheDaemonsOwnWordsAlone) {
  CannedDaemon daemon;
  daemon.on("GET /v6/services",
            {R"({"type":"missing","help":"It is not there.\n\nLook elsewhere.\n","error":"no such thing"})", 404});
  const auto ran = run_against(daemon, {"list-workloads"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "== Error ==\n\nIt is not there.\n\nLook elsewhere.\n\nno such thing\n");
}

TEST(ProgramTest, ExplainsARefusedToken) {
  CannedDaemon daemon;
  daemon.on("GET /v6/services", {"who are you", 401, "text/plain"});
  const auto ran = run_against(daemon, {"list-workloads", "--token=hunter2"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, StartsWith("== Error ==\n\nThe request failed authentication\n"));
  EXPECT_THAT(ran.err, HasSubstr("FLUX_SERVICE_TOKEN"));
  EXPECT_THAT(ran.err, HasSubstr("--token"));
  EXPECT_THAT(ran.err, testing::Not(HasSubstr("hunter2")));
}

TEST(ProgramTest, SaysWhatIsWrongWithAUrl) {
  EXPECT_THAT(Attempt()({"sync", "--url=:foo"}).err, StartsWith("Error: parsing URL: "));
  const auto ran = Attempt()({"list-workloads", "--url=http://127.0.0.1:1/api/flux/"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, StartsWith("Error: executing HTTP request: executing HTTP request: Get "
                                  "\"http://127.0.0.1:1/api/flux/v6/services?namespace=default\": "));
  EXPECT_THAT(ran.err, testing::EndsWith("Run 'fluxctl list-workloads --help' for usage.\n"));
}

class BrokenTunnel : public Tunnel {
 public:
  explicit BrokenTunnel(std::string url) : url_(std::move(url)) {}
  [[nodiscard]] std::string url() const override { return url_; }
  [[nodiscard]] std::optional<Error> failure() const override {
    return Error{ErrorKind::missing, "pod flux-1 is gone", "Wait for the next one."};
  }

 private:
  std::string url_;
};

TEST(ProgramTest, ExplainsABrokenTunnel) {
  Attempt run;
  run.world.open_tunnel = [](const auto&...) -> Result<std::unique_ptr<Tunnel>> {
    return std::make_unique<BrokenTunnel>("http://127.0.0.1:1/api/flux");
  };
  const auto ran = run({"list-workloads"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, HasSubstr("\nThe connection to the daemon's pod broke: pod flux-1 is gone\nWait for the next "
                                 "one.\nRun 'fluxctl list-workloads --help' for usage.\n"));
}

TEST(ProgramTest, SaysThatItWasInterrupted) {
  std::stop_source stop;
  stop.request_stop();
  CannedDaemon daemon;
  const auto ran = Attempt()(bounded(stop.get_token()), {"list-workloads", "--url=" + daemon.url()});
  EXPECT_EQ(ran.status, 130);
  EXPECT_EQ(ran.err, "Interrupted. The daemon continues with what it was asked to do.\n");
}

}  // namespace program_test
}  // namespace flux::cli
