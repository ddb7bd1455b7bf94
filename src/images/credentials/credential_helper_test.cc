#include "images/credentials/credential_helper.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "base/test_bounded.h"
#include "base/test_temp_dir.h"

namespace flux::images {
namespace credential_helper_test {

using ::testing::HasSubstr;
using ::testing::Not;

/// A directory that comes first in PATH.
class CredentialHelper : public ::testing::Test {
 protected:
  CredentialHelper() {
    const char* path = ::getenv("PATH");
    before = path ? path : "";
    ::setenv("PATH", (dir.path().string() + ":" + before).c_str(), 1);
  }
  ~CredentialHelper() override { ::setenv("PATH", before.c_str(), 1); }

  void install(const std::string& script) {
    const auto file = dir.path() / "docker-credential-test";
    std::ofstream(file) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }
  static Result<std::optional<Credential>> ask(Duration patience = std::chrono::minutes(1)) {
    return ask_credential_helper(bounded().with_timeout(patience), "test", "r.io", "config.json");
  }

  const TempDir dir;
  std::string before;
};

TEST_F(CredentialHelper, IsAskedForOneServer) {
  install(
      R"(test "$1" = get && read server && echo "{\"ServerURL\":\"$server\",\"Username\":\"$server-user\",\"Secret\":\"pw\"}")");
  const auto answer = ask();
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(**answer, (Credential{"r.io-user", Secret("pw"), "config.json (docker-credential-test)"}));
}

TEST_F(CredentialHelper, MayKnowNobody) {
  install("echo credentials not found in native keychain; exit 1");
  const auto answer = ask();
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(*answer, std::nullopt);
}

TEST_F(CredentialHelper, FailsWithoutAWordOfWhatItPrinted) {
  const struct {
    const char* script;
    const char* error;
  } rows[] = {
      {"echo hidden; echo hidden >&2; exit 3", "exit status 3"},
      {"echo hidden", "no JSON object"},
      {"head -c 1000000 /dev/zero", "docker-credential-test"},
  };
  for (const auto& row : rows) {
    install(row.script);
    const auto answer = ask();
    ASSERT_FALSE(answer) << row.script;
    EXPECT_THAT(answer.error().message, HasSubstr(row.error));
    EXPECT_THAT(answer.error().message, Not(HasSubstr("hidden")));
    EXPECT_EQ(answer.error().message.find('\0'), std::string::npos);
  }
}

TEST_F(CredentialHelper, IsNotWaitedForLongerThanAllowed) {
  install("sleep 600 & sleep 600");
  const auto began = Clock::now();
  const auto answer = ask(std::chrono::milliseconds(200));
  ASSERT_FALSE(answer);
  EXPECT_LT(Clock::now() - began, std::chrono::seconds(60));
}

TEST_F(CredentialHelper, MayBeMissing) {
  const auto answer = ask_credential_helper(bounded(), "not-installed", "r.io", "config.json");
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("docker-credential-not-installed"));
}

}  // namespace credential_helper_test
}  // namespace flux::images
