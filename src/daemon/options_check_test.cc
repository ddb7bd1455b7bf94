#include "daemon/options_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flux::daemon {
namespace options_check_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Args = std::vector<std::string>;

Options read(const Args& args) {
  const auto invocation = read_command_line(args, "2.0.0", "/root");
  if (invocation.exit) ADD_FAILURE() << invocation.exit->err;
  return invocation.options;
}

Settings checked(const Args& args) { return check(read(args)); }

/// Records as they will be logged.
std::vector<std::string> lines(const std::vector<LogRecord>& records) {
  std::vector<std::string> out;
  for (const auto& record : records) out.push_back(format_logfmt(record));
  return out;
}

TEST(OptionsCheckTest, AcceptsTheDefaults) {
  const auto settings = checked({});
  EXPECT_FALSE(settings.fatal);
  EXPECT_THAT(settings.records, IsEmpty());
  EXPECT_EQ(settings.sync_state, SyncState::git);
  EXPECT_EQ(settings.verify, VerifyMode::none);
  EXPECT_FALSE(settings.git_over_http);
}

struct FatalRow {
  Args args;
  const char* record;
};

TEST(OptionsCheckTest, RefusesWhatCannotWork) {
  const std::vector<FatalRow> rows{
      {{"--git-path=/abs"}, R"(err="subdirectory given as --git-path should not have leading forward slash")"},
      {{"--git-path=ok,/abs"}, R"(err="subdirectory given as --git-path should not have leading forward slash")"},
      {{"--git-path=.."}, R"(err="--git-path must stay within the repository, but .. has a \"..\" in it")"},
      {{"--git-path=a/../../b"},
       R"(err="--git-path must stay within the repository, but a/../../b has a \"..\" in it")"},
      {{"--git-verify-signatures-mode=some"}, R"(error="'some' is not a valid git-verify-signatures-mode")"},
      {{"--sync-state=etcd"}, R"(err="--sync-state must be git or secret, but it is 'etcd'")"},
      {{"--connect=gopher://s3cret@x"},
       R"(err="--connect must be a URL that begins with ws://, wss://, http:// or https://")"},
      {{"--connect=cloud.example.org"},
       R"(err="--connect must be a URL that begins with ws://, wss://, http:// or https://")"},
      {{"--connect=wss://"}, R"(err="--connect must be a URL that begins with ws://, wss://, http:// or https://")"},
      {{"--registry-require=gcr"}, R"(err="--registry-require knows only ecr, not 'gcr'")"},
      {{"--listen-webhooks=:3032"},
       R"(err="--listen-webhooks needs --webhook-secret-file: nobody may tell of images without a secret")"},
      {{"--registry-burst=0"}, R"(err="--registry-burst must be above 0, but it is 0")"},
      {{"--registry-burst=-1"}, R"(err="--registry-burst must be above 0, but it is -1")"},
      {{"--git-branch=--upload-pack=x"}, R"(err="--git-branch must not start with a dash, but it is --upload-pack=x")"},
      {{"--git-url=--upload-pack=x"}, R"(err="--git-url must not start with a dash")"},
      {{"--git-label=-d"}, R"(err="--git-sync-tag must not start with a dash, but it is -d")"},
      {{"--git-notes-ref=-d"}, R"(err="--git-notes-ref must not start with a dash, but it is -d")"},
      {{"--sync-garbage-collection-max-share=1.5"},
       R"(err="--sync-garbage-collection-max-share must be from 0 to 1, but it is 1.5")"},
      {{"--sync-garbage-collection-max-share=-0.1"},
       R"(err="--sync-garbage-collection-max-share must be from 0 to 1, but it is -0.1")"},
      {{"--sync-garbage-collection-max-share=nan"},
       R"(err="--sync-garbage-collection-max-share must be from 0 to 1, but it is nan")"},
  };
  for (const auto& row : rows) {
    const auto settings = checked(row.args);
    ASSERT_TRUE(settings.fatal) << row.args.front();
    EXPECT_EQ(format_logfmt(*settings.fatal), row.record);
  }
}

TEST(OptionsCheckTest, AcceptsOddButHarmlessValues) {
  for (const auto* arg :
       {"--git-path=", "--git-path=a,,b", "--git-path=..a/b..", "--git-path=./a", "--registry-require=ecr",
        "--registry-require=", "--sync-garbage-collection-max-share=0", "--sync-garbage-collection-max-share=1",
        "--connect=", "--connect=WSS://x", "--connect=http://x/y",
        "--git-verify-signatures-mode=", "--git-verify-signatures-mode=none", "--sync-interval=-5m", "--git-timeout=0"})
    EXPECT_FALSE(checked({arg}).fatal) << arg;
}

TEST(OptionsCheckTest, KeepsTheStateOfAReadonlyRepositoryInASecret) {
  auto settings = checked({"--git-readonly"});
  EXPECT_EQ(settings.sync_state, SyncState::secret);
  EXPECT_THAT(lines(settings.records),
              ElementsAre(HasSubstr("--git-readonly is set, so the sync state is not kept in git but in a secret;")));
  EXPECT_FALSE(settings.secret_was_asked_for);
  settings = checked({"--git-readonly", "--sync-state=secret"});
  EXPECT_EQ(settings.sync_state, SyncState::secret);
  EXPECT_TRUE(settings.secret_was_asked_for);
  EXPECT_THAT(settings.records, IsEmpty());
}

TEST(OptionsCheckTest, NamesTheFlagsThatReadonlyMakesUseless) {
  const auto settings = checked(
      {"--git-readonly", "--sync-state=secret", "--git-user=Weave Flux", "--git-ci-skip=false", "--git-sync-tag=x"});
  EXPECT_THAT(lines(settings.records),
              ElementsAre("warning=\"--git-readonly is set, so these flags have no effect: --git-user, --git-sync-tag, "
                          "--git-ci-skip\""));
}

TEST(OptionsCheckTest, ResolvesTheAutomationInterval) {
  using std::chrono::minutes;
  EXPECT_EQ(checked({}).options.automation_interval, minutes(5));
  EXPECT_EQ(checked({"--registry-poll-interval=1m"}).options.automation_interval, minutes(1));
  EXPECT_EQ(checked({"--registry-poll-interval=1m", "--automation-interval=5m"}).options.automation_interval,
            minutes(5));
}

TEST(OptionsCheckTest, ResolvesTheVerifyMode) {
  const std::vector<std::pair<Args, VerifyMode>> rows{
      {{"--git-verify-signatures"}, VerifyMode::all},
      {{"--git-verify-signatures=false"}, VerifyMode::none},
      {{"--git-verify-signatures-mode=all"}, VerifyMode::all},
      {{"--git-verify-signatures-mode=first-parent"}, VerifyMode::first_parent},
      {{"--git-verify-signatures", "--git-verify-signatures-mode=first-parent"}, VerifyMode::first_parent},
      {{"--git-verify-signatures", "--git-verify-signatures-mode=none"}, VerifyMode::none},
  };
  for (const auto& [args, mode] : rows) EXPECT_EQ(checked(args).verify, mode) << args.front();
}

TEST(OptionsCheckTest, LetsTheLabelOverrideTagAndNotesRef) {
  auto settings = checked({"--git-label=prod"});
  EXPECT_EQ(settings.options.git.sync_tag, "prod");
  EXPECT_EQ(settings.options.git.notes_ref, "prod");
  EXPECT_THAT(settings.records, IsEmpty());
  settings = checked({"--git-label=", "--git-sync-tag=a", "--git-notes-ref=b"});
  EXPECT_EQ(settings.options.git.sync_tag, "");
  EXPECT_EQ(settings.options.git.notes_ref, "");
  EXPECT_THAT(lines(settings.records),
              ElementsAre("overridden=git-sync-tag value=", "overridden=git-notes-ref value="));
  EXPECT_EQ(checked({"--git-sync-tag=a"}).options.git.sync_tag, "a");
}

TEST(OptionsCheckTest, ResolvesTheSkipMessage) {
  EXPECT_EQ(checked({}).options.git.ci_skip_message, "");
  EXPECT_EQ(checked({"--git-ci-skip"}).options.git.ci_skip_message, "\n\n[ci skip]");
  EXPECT_EQ(checked({"--git-ci-skip", "--git-ci-skip-message= skip"}).options.git.ci_skip_message, " skip");
  EXPECT_EQ(checked({"--git-ci-skip-message=skip"}).options.git.ci_skip_message, "skip");
}

TEST(OptionsCheckTest, KnowsHttpUrls) {
  const std::vector<std::pair<std::string, bool>> rows{
      {"https://host/r", true}, {"HTTP://host/r", true}, {"ssh://host/r", false},
      {"git@host:r", false},    {"https", false},        {"", false},
      {"/srv/https:/r", false}, {"httpss://h", false},
  };
  for (const auto& [url, http] : rows) EXPECT_EQ(checked({"--git-url=" + url}).git_over_http, http) << url;
}

TEST(OptionsCheckTest, UnitesTheNamespaceFlags) {
  EXPECT_THAT(
      checked({"--k8s-namespace-whitelist=a,b", "--k8s-allow-namespace=b,c"}).options.kubernetes.allow_namespaces,
      ElementsAre("b", "c", "a"));
}

TEST(OptionsCheckTest, WarnsOfDecryptionWithoutKeys) {
  EXPECT_THAT(lines(checked({"--sops", "--git-secret"}).records),
              ElementsAre(R"(warning="--git-secret is set, but no key is imported with --git-gpg-key-import")",
                          R"(warning="--sops is set, but no key is imported with --git-gpg-key-import")"));
  EXPECT_THAT(checked({"--sops", "--git-gpg-key-import=/keys"}).records, IsEmpty());
}

TEST(OptionsCheckTest, TellsNothingAboutFlagsThatWork) {
  EXPECT_THAT(not_yet_in_effect(read({"--git-url=x", "--git-branch=b", "--sync-interval=1m", "--listen=:1"})),
              IsEmpty());
}

TEST(OptionsCheckTest, TellsOnceOfEachFlagThatDoesNothing) {
  const auto told = lines(not_yet_in_effect(
      read({"--token=hunter2", "--rpc-timeout=1s", "--rpc-timeout=2s", "--kubernetes-kubectl=/bin/kubectl"})));
  ASSERT_EQ(told.size(), 3U);
  EXPECT_THAT(told[0], HasSubstr("flag=--rpc-timeout"));
  EXPECT_THAT(told[1], HasSubstr("flag=--token"));
  EXPECT_THAT(told[2], HasSubstr("info=\"fluxd does not need this flag any more\" flag=--kubernetes-kubectl"));
  for (const auto& line : told) EXPECT_THAT(line, testing::Not(HasSubstr("hunter2")));
}

class Lines : public LogSink {
 public:
  void write(std::string_view line) override { lines.emplace_back(line); }
  std::vector<std::string> lines;
};

TEST(OptionsCheckTest, WritesARecordInOneLineWithItsCaller) {
  const auto sink = std::make_shared<Lines>();
  write(Log(sink, LogFormat::logfmt).with({{"component", "daemon"}}), {{"a", 1}, {"b", "x y"}});
  ASSERT_EQ(sink->lines.size(), 1U);
  EXPECT_THAT(sink->lines[0], HasSubstr("caller=options_check_test.cc:"));
  EXPECT_THAT(sink->lines[0], testing::EndsWith(" component=daemon a=1 b=\"x y\""));
}

}  // namespace options_check_test
}  // namespace flux::daemon
