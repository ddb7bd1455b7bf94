#include "git/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flux::git {
namespace url_test {

using ::testing::HasSubstr;

Url url(std::string_view raw) {
  auto parsed = Url::parse(raw);
  EXPECT_TRUE(parsed) << raw << ": " << parsed.error().message;
  return *parsed;
}

TEST(Url, ClassIsTheFirstThatFits) {
  EXPECT_EQ(url("ssh://git@host/x").url_class(), UrlClass::url);
  EXPECT_EQ(url("git@host:x").url_class(), UrlClass::scp);
  EXPECT_EQ(url("/srv/x").url_class(), UrlClass::local);
  EXPECT_EQ(url("git@host:x").scheme(), "ssh");
  EXPECT_EQ(url("/srv/x").scheme(), "file");
  EXPECT_EQ(url("https://user:p^ss@host/x").scheme(), "https");
}

TEST(Url, RefusesWhatGitCouldTakeForAnOption) {
  for (const auto* raw : {"", "-oProxyCommand=id", "--upload-pack=id", "git@host:x\n", "https://host/\x01"}) {
    const auto parsed = Url::parse(raw);
    ASSERT_FALSE(parsed) << raw;
    EXPECT_EQ(parsed.error().kind, ErrorKind::user);
    EXPECT_FALSE(parsed.error().help.empty());
  }
}

TEST(Url, AddressForGitHasNoPasswordAndOverHttpNoUser) {
  EXPECT_EQ(url("https://user:s3cret@host:8443/org/x.git").address(), "https://host:8443/org/x.git");
  EXPECT_EQ(url("https://token@host/x").address(), "https://host/x");
  EXPECT_EQ(url("HTTPS://user:s3cret@host/x").address(), "https://host/x");
  EXPECT_EQ(url("ssh://git:s3cret@host:2222/x").address(), "ssh://git@host:2222/x");
  EXPECT_EQ(url("git@host:org/x").address(), "git@host:org/x");
  EXPECT_EQ(url("my-user@host:x").address(), "my-user@host:x");
  EXPECT_EQ(url("/srv/x").address(), "/srv/x");
  EXPECT_THAT(url("relative/x").address(), ::testing::StartsWith("/"));
  EXPECT_EQ(url("https://host/x@y").address(), "https://host/x@y");
}

struct CredentialsRow {
  const char* raw;
  const char* user;
  const char* password;
  const char* address;
};

TEST(Url, CredentialsAreReadAsGitReadsThemAndOddOnesAsTheyWereMeant) {
  const CredentialsRow rows[] = {
      {"https://u:s3cret@host/x", "u", "s3cret", "https://host/x"},
      {"https://u:s%40cret@host/x", "u", "s@cret", "https://host/x"},
      {"https://u:s@cret@host/x", "u", "s@cret", "https://host/x"},
      {"https://u:s%zcret@host/x", "u", "s%zcret", "https://host/x"},
      {"https://u:s^cret@host/x", "u", "s^cret", "https://host/x"},
      {"https://u:s/cret@host/x", "u", "s/cret", "https://host/x"},
      {"https://u:s#cret@host/x", "u", "s#cret", "https://host/x"},
      {"https://u:s?cret@host/x", "u", "s?cret", "https://host/x"},
      {"https://u:a:b@host/x", "u", "a:b", "https://host/x"},
      {"https://:s3cret@host/x", "", "s3cret", "https://host/x"},
      {"https://t0ken@host/x", "t0ken", "", "https://host/x"},
      {"https://host:8443/x@y", "", "", "https://host:8443/x@y"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.raw);
    const auto parsed = url(row.raw);
    EXPECT_TRUE(parsed.is_http());
    EXPECT_EQ(parsed.user().reveal(), row.user);
    EXPECT_EQ(parsed.password().reveal(), row.password);
    EXPECT_EQ(parsed.address(), row.address);
  }
}

TEST(Url, ShownFormHidesPasswordsAndTokens) {
  const std::pair<const char*, const char*> rows[] = {
      {"https://user:s3cret@host/x", "https://user@host/x"},
      {"https://user:s3^cret@host/x", "https://user@host/x"},
      {"https://user:s3/cret@host/x", "https://user@host/x"},
      {"https://t0^ken@host/x", "https://<redacted>@host/x"},
      {"https://t0ken@host/x", "https://<redacted>@host/x"},
      {"https://t0ken:x-oauth-basic@host/x", "https://<redacted>@host/x"},
      {"https://git@host/x", "https://git@host/x"},
      {"https://org@dev.azure.com/org/project/_git/x", "https://org@dev.azure.com/org/project/_git/x"},
      {"git@host:x", "ssh://git@host/x"},
      {"ssh://deploy:s3cret@host/x", "ssh://deploy@host/x"},
      {"user:s3cret@host:x", "user:<redacted>@host:x"},
  };
  for (const auto& [raw, shown] : rows) EXPECT_EQ(url(raw).shown(), shown) << raw;
}

TEST(Url, SecretsCoverEverySpelling) {
  const auto secrets = url("https://user:s%40c%2Fret@host/x").secrets();
  for (const auto* text : {"s%40c%2Fret", "s@c/ret", "s%40c%2fret"})
    EXPECT_THAT(scrub(std::string("it was ") + text + ".", secrets), ::testing::StrEq("it was <redacted>.")) << text;
  EXPECT_TRUE(url("git@host:x").secrets().empty());
  EXPECT_TRUE(url("https://host/x").secrets().empty());
}

TEST(Url, EquivalenceLooksAtHostAndPathOnly) {
  const auto ours = url("git@github.com:org/repo");
  for (const auto* same :
       {"https://github.com/org/repo.git", "ssh://other@github.com/org/repo", "github.com:/org/repo"})
    EXPECT_TRUE(ours.equivalent(url(same))) << same;
  for (const auto* other : {"https://github.com/org/repo/", "https://GitHub.com/org/repo", "git@github.com:org/repo2",
                            "https://github.com:443/org/repo"})
    EXPECT_FALSE(ours.equivalent(url(other))) << other;
}

TEST(RefName, FollowsGitsRules) {
  for (const auto* good : {"main", "feature/x", "v1.0", "a@b", "flux-sync", "ümlaut"})
    EXPECT_TRUE(check_ref_name("branch", good)) << good;
  for (const auto* bad :
       {"",     "-x", "--force", "a b",  "a..b", "a~1",  "a^",     "a:b",      "x?", "x*",    "x[",
        "x\\y", "/x", "x/",      "x//y", ".x",   "x/.y", "x.lock", "x.lock/y", "x.", "a@{1}", "a\nb"}) {
    const auto checked = check_ref_name("branch", bad);
    ASSERT_FALSE(checked) << bad;
    EXPECT_EQ(checked.error().kind, ErrorKind::user);
    EXPECT_THAT(checked.error().message, HasSubstr("git branch '"));
  }
}

}  // namespace url_test
}  // namespace flux::git
