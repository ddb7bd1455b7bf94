#include "git/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "git/test_upstream.h"

namespace flux::git::testing {
namespace command_test {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class CommandTest : public GitTest {};

TEST(ErrorLine, IsTheFirstThatSaysWhatWentWrong) {
  const std::pair<const char*, const char*> rows[] = {
      {"Cloning into 'x'...\nfatal: no such\nfatal: later\n", "fatal: no such"},
      {"remote: hm\nERROR fatal: odd\n", "ERROR fatal: odd"},
      {"error: failed to push some refs\n", "failed to push some refs"},
      {"error:tight\r\n", "tight"},
      {"all went well\n", ""},
      {"not fatal: inside\n", ""},
      {"", ""},
  };
  for (const auto& [output, line] : rows) EXPECT_EQ(find_error_line(output), line) << output;
}

TEST_F(CommandTest, FailureIsTheFatalLineAndAllOutput) {
  const auto out = Git().run(bounded(), temp_.path(), Access::local, {"rev-parse", "HEAD"});
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().kind, ErrorKind::server);
  EXPECT_THAT(out.error().message, StartsWith("fatal: not a git repository"));
  EXPECT_THAT(out.error().message, HasSubstr(", full output:\n fatal: not a git repository"));
}

TEST_F(CommandTest, DeadlineAndStopAreToldApart) {
  const auto expired =
      Git().run(Context().with_timeout(Duration::zero()), temp_.path(), Access::remote, {"fetch", "--tags", "origin"});
  ASSERT_FALSE(expired);
  EXPECT_EQ(expired.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(expired.error().message, "running git command: git [fetch --tags origin]: context deadline exceeded");

  std::stop_source stop;
  stop.request_stop();
  const auto stopped = Git().run(bounded(stop.get_token()), temp_.path(), Access::local, {"status"});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().message, "running git command: git [status]: context canceled");
}

TEST_F(CommandTest, EnvironmentIsClearedButForTheContract) {
  ::setenv("HTTP_PROXY", "http://deliberately.not", 1);
  ::setenv("HTTPS_PROXY", "http://proxy.example", 1);
  ::setenv("GIT_SSH_COMMAND", "false", 1);
  ::setenv("GIT_DIR", "/nowhere", 1);
  const auto env = Git().command(temp_.path(), Access::local, {"status"}).env;
  for (const auto* name : {"HTTP_PROXY", "GIT_SSH_COMMAND", "GIT_DIR"}) ::unsetenv(name);
  ::unsetenv("HTTPS_PROXY");
  EXPECT_THAT(env, Contains("HTTPS_PROXY=http://proxy.example"));
  EXPECT_THAT(env, Contains("GIT_TERMINAL_PROMPT=0"));
  EXPECT_THAT(env, Contains("LC_ALL=C"));
  EXPECT_THAT(env, Contains("HOME=" + (temp_.path() / "home").string()));
  EXPECT_THAT(env, Contains(StartsWith("PATH=")));
  for (const auto* name : {"HTTP_PROXY=", "GIT_SSH_COMMAND=", "GIT_DIR="})
    EXPECT_THAT(env, Not(Contains(StartsWith(name))));
}

TEST_F(CommandTest, CredentialsAreInTheEnvironmentOfWhoHasRemoteAccess) {
  const auto url = *Url::parse("https://ann:s3cret@host/x");
  const Git git(url);
  EXPECT_EQ(git.remote(), "https://host/x");
  const auto fetch = git.command(temp_.path(), Access::remote, {"fetch", git.remote()});
  EXPECT_THAT(fetch.argv, Not(Contains(HasSubstr("s3cret"))));
  EXPECT_THAT(fetch.env, Contains("FLUX_GIT_PASSWORD=s3cret"));
  // Whatever the arguments look like.
  EXPECT_THAT(git.command(temp_.path(), Access::remote, {"fetch", "origin"}).env, Contains("FLUX_GIT_PASSWORD=s3cret"));
  for (const auto& argument : {std::string("log"), git.remote()})
    EXPECT_THAT(git.command(temp_.path(), Access::local, {argument}).env, Not(Contains(HasSubstr("s3cret"))));
}

TEST_F(CommandTest, GitGetsTheCredentialsForTheirServerAndNoOther) {
  const auto url = *Url::parse("https://ann:s3%40cret@host:8443/x");
  const Git git(url);
  auto ask = [&](const std::string& host) {
    auto command = git.command(temp_.path(), Access::remote, {"fetch", git.remote()});
    command.argv = {"git", "credential", "fill"};
    command.input = "protocol=https\nhost=" + host + "\n\n";
    return flux::run(bounded(), command)->out;
  };
  EXPECT_THAT(ask("host:8443"), HasSubstr("username=ann\npassword=s3@cret\n"));
  EXPECT_THAT(ask("elsewhere"), Not(HasSubstr("s3@cret")));
}

TEST_F(CommandTest, HooksAndForeignTransportsAreOff) {
  upstream_.commit("a", "1");
  const auto hook = upstream_.dir() / ".git/hooks/post-checkout";
  write_file(hook, "#!/bin/sh\ntouch " + (temp_.path() / "hook-ran").string() + "\n");
  fs::permissions(hook, fs::perms::owner_all);
  upstream_.git({"checkout", "--quiet", "-b", "other"});
  EXPECT_FALSE(fs::exists(temp_.path() / "hook-ran"));

  write_file(temp_.path() / "home/.gitconfig", "[protocol \"ext\"]\n\tallow = always\n");
  const auto ext = Git().run(bounded(), upstream_.dir(), Access::remote, {"fetch", "ext::sh -c touch% ran", "main"});
  ASSERT_FALSE(ext);
  EXPECT_THAT(ext.error().message, HasSubstr("transport 'ext' not allowed"));
}

TEST_F(CommandTest, OutputIsScrubbed) {
  const auto url = *Url::parse("https://ann:s3cret@host/x");
  const auto failed = Git(url).run(bounded(), temp_.path(), Access::remote, {"s3cret"});
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, Not(HasSubstr("s3cret")));
  EXPECT_THAT(failed.error().message, HasSubstr("<redacted>"));
}

}  // namespace command_test
}  // namespace flux::git::testing
