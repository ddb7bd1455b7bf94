#include "git/verify.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "git/keys.h"
#include "git/marker.h"
#include "git/test_upstream.h"

namespace flux::git::testing {
namespace verify_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// With a real gpg and a key of its own, made and exported in another keyring.
class VerifyTest : public GitTest {
 protected:
  void SetUp() override {
    const auto home = temp_.path() / "home/gpg";
    const auto maker = temp_.path() / "maker";
    for (const auto& dir : {home, maker}) {
      fs::create_directories(dir);
      fs::permissions(dir, fs::perms::owner_all);
    }
    ::setenv("GNUPGHOME", maker.c_str(), 1);
    gpg({"--quick-gen-key", "--passphrase", "", "Ann <ann@example.org>", "ed25519", "sign", "never"});
    key_file_ = temp_.path() / "keys/ann.asc";
    write_file(key_file_, gpg({"--export-secret-keys", "--armor"}));
    end_agent();
    ::setenv("GNUPGHOME", home.c_str(), 1);
  }
  void TearDown() override { end_agent(); }

  static std::string gpg(const std::vector<std::string>& args) {
    Command command;
    command.argv = {"gpg", "--batch", "--quiet", "--pinentry-mode", "loopback"};
    command.argv.insert(command.argv.end(), args.begin(), args.end());
    command.env = child_environment();
    const auto exit = flux::run(bounded(), command);
    EXPECT_TRUE(exit && exit->status == 0) << (exit ? exit->err : exit.error().message);
    return exit ? exit->out : "";
  }
  static void end_agent() {
    Command command;
    command.argv = {"gpgconf", "--kill", "all"};
    command.env = child_environment();
    EXPECT_TRUE(flux::run(bounded(), command));
  }

  void import_and_trust() const {
    const auto outcome = import_keys(bounded(), key_file_.string());
    ASSERT_EQ(outcome.error, "");
    const auto trusted = trust_all_keys(bounded());
    ASSERT_TRUE(trusted) << trusted.error().message;
  }
  std::string signed_commit(const std::string& text) const {
    upstream_.commit("a", text);
    upstream_.git({"commit", "--quiet", "--amend", "--no-edit", "-S" + std::string("ann@example.org")});
    return upstream_.git({"rev-parse", "HEAD"});
  }
  LatestValid latest(const std::string& marker, VerifyMode mode = VerifyMode::all) const {
    const auto repository = upstream_.repository();
    const auto found = latest_valid(bounded(), repository, "refs/heads/main", marker, mode);
    EXPECT_TRUE(found) << found.error().message;
    return found.value_or(LatestValid{});
  }

  fs::path key_file_;
};

TEST_F(VerifyTest, DirectoryIsImportedFileByFile) {
  const auto mount = temp_.path() / "mount";
  write_file(mount / "..data/ann.asc", "");
  fs::copy_file(key_file_, mount / "..data/ann.asc", fs::copy_options::overwrite_existing);
  fs::create_symlink("..data/ann.asc", mount / "ann.asc");
  write_file(mount / "broken.asc", "no key");
  fs::create_symlink("nowhere", mount / "dangling");
  const auto outcome = import_keys(bounded(), mount.string());
  EXPECT_THAT(outcome.imported, ElementsAre("ann.asc"));
  EXPECT_THAT(outcome.failed, ElementsAre("broken.asc"));
  EXPECT_EQ(outcome.error, "errored importing keys: [broken.asc]");

  const auto missing = import_keys(bounded(), (temp_.path() / "nope").string());
  EXPECT_THAT(missing.imported, IsEmpty());
  EXPECT_THAT(missing.error, HasSubstr("no such file"));
}

TEST_F(VerifyTest, SignaturesAreGoodOnlyOnceTheKeyIsTrusted) {
  EXPECT_TRUE(trust_all_keys(bounded())) << "an empty keyring is fine";
  ASSERT_EQ(import_keys(bounded(), key_file_.string()).error, "");
  const auto commit = signed_commit("1");
  EXPECT_EQ(latest("").revision, "");
  EXPECT_EQ(latest("").invalid->signature, 'U');
  ASSERT_TRUE(trust_all_keys(bounded()));
  EXPECT_EQ(latest("").revision, commit);
  EXPECT_FALSE(latest("").invalid);
}

TEST_F(VerifyTest, OurOwnCommitsAreSigned) {
  import_and_trust();
  upstream_.git({"config", "receive.denyCurrentBranch", "ignore"});
  CommitRequest ours;
  ours.branch = "main";
  ours.parent = signed_commit("1");
  ours.files = {{"a", "2"}};
  ours.message = "Release";
  ours.committer = {"Weave Flux", "support@example.org", "ann@example.org"};
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto id = mirror.push_commit(bounded(), ours);
  ASSERT_TRUE(id) << id.error().message;
  EXPECT_EQ(latest("").revision, *id);
  EXPECT_FALSE(latest("").invalid);
  ours.parent = *id;
  ours.files = {{"a", "3"}};
  ours.committer.signing_key = "nobody@example.org";
  const auto refused = mirror.push_commit(bounded(), ours);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("gpg failed to sign"));
  EXPECT_EQ(latest("").revision, *id);
}

TEST_F(VerifyTest, StopsBeforeTheFirstUnsignedCommit) {
  import_and_trust();
  const auto first = signed_commit("1");
  const auto second = signed_commit("2");
  const auto unsigned_one = upstream_.commit("a", "3");
  signed_commit("4");
  for (const auto& marker : {std::string(), first, second}) {
    const auto found = latest(marker);
    EXPECT_EQ(found.revision, second);
    ASSERT_TRUE(found.invalid);
    EXPECT_EQ(found.invalid->revision, unsigned_one);
    EXPECT_EQ(found.invalid->signature, 'N');
  }
  EXPECT_NE(latest("", VerifyMode::none).revision, second);
}

TEST_F(VerifyTest, UnsignedMarkerIsAnError) {
  import_and_trust();
  const auto marker = upstream_.commit("a", "1");
  signed_commit("2");
  const auto repository = upstream_.repository();
  const auto found = latest_valid(bounded(), repository, "refs/heads/main", marker, VerifyMode::all);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message,
            "failed to verify signature of last sync'ed revision: failed to verify commit " + marker);
  const auto unknown = latest_valid(bounded(), repository, "refs/heads/main", "--all", VerifyMode::all);
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, StartsWith("failed to verify signature of last sync'ed revision"));
}

TEST_F(VerifyTest, SignedMarkerVerifiesAndAnUnsignedOneDoesNot) {
  import_and_trust();
  const auto commit = signed_commit("1");
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto& repository = **mirror.repository();
  ASSERT_TRUE(write_marker(bounded(), mirror, "flux-sync", commit, {"Flux", "flux@example.org", "ann@example.org"}));
  const auto verified = read_marker(bounded(), repository, "flux-sync", true);
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_EQ(*verified, commit);

  ASSERT_TRUE(write_marker(bounded(), mirror, "flux-sync", commit, {"Flux", "flux@example.org", ""}));
  const auto rejected = read_marker(bounded(), repository, "flux-sync", true);
  ASSERT_FALSE(rejected);
  EXPECT_THAT(rejected.error().message, StartsWith("failed to verify tag flux-sync"));
  EXPECT_EQ(*read_marker(bounded(), repository, "none-yet", true), "");
}

}  // namespace verify_test
}  // namespace flux::git::testing
