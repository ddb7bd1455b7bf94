#include "git/ssh_key.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/process.h"
#include "base/test_bounded.h"
#include "base/test_temp_dir.h"

namespace flux::git {
namespace ssh_key_test {

namespace fs = std::filesystem;

class SshKeyTest : public ::testing::Test {
 protected:
  /// What the program itself says about the key.
  std::string keygen(std::vector<std::string> args) {
    args.insert(args.begin(), "ssh-keygen");
    const auto exit = flux::run(bounded(), {.argv = std::move(args), .env = {}, .cwd = {}, .input = {}});
    return exit ? exit->out : exit.error().message;
  }

  const TempDir temp_;
  const fs::path dir_ = temp_.path();
};

std::string content(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(SshKeyTest, a_new_key_is_what_was_asked_for) {
  const struct {
    KeygenOptions options;
    std::string public_prefix;
    std::string private_prefix;
  } rows[] = {
      {{}, "ssh-", "-----BEGIN OPENSSH PRIVATE KEY-----"},
      {{std::nullopt, "ed25519", ""}, "ssh-ed25519 ", "-----BEGIN OPENSSH PRIVATE KEY-----"},
      {{1024, "rsa", "PEM"}, "ssh-rsa ", "-----BEGIN RSA PRIVATE KEY-----"},
      {{521, "ecdsa", ""}, "ecdsa-sha2-nistp521 ", "-----BEGIN OPENSSH PRIVATE KEY-----"},
  };
  int number = 0;
  for (const auto& row : rows) {
    const auto file = dir_ / std::to_string(number++);
    const auto made = generate_ssh_key(bounded(), file, row.options);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_TRUE(content(file).starts_with(row.private_prefix));
    EXPECT_TRUE(content(file.string() + ".pub").starts_with(row.public_prefix));
  }
}

TEST_F(SshKeyTest, options_that_ssh_keygen_does_not_take_are_the_users_to_mend) {
  for (const auto& options : {KeygenOptions{std::nullopt, "no-such-type", ""}, KeygenOptions{5, "rsa", ""},
                              KeygenOptions{std::nullopt, "", "no-such-format"}}) {
    const auto made = generate_ssh_key(bounded(), dir_ / "key", options);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().kind, ErrorKind::user);
    EXPECT_NE(made.error().help.find("--ssh-keygen-type"), std::string::npos);
    EXPECT_FALSE(fs::exists(dir_ / "key"));
  }
}

TEST_F(SshKeyTest, the_public_half_and_its_fingerprints_are_those_of_ssh_keygen) {
  const auto file = (dir_ / "key").string();
  ASSERT_TRUE(generate_ssh_key(bounded(), file, {std::nullopt, "ed25519", ""}));
  const auto key = read_ssh_public_key(bounded(), file);
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->text, keygen({"-y", "-f", file}));
  EXPECT_TRUE(key->text.ends_with('\n'));

  const auto md5 = keygen({"-l", "-v", "-E", "md5", "-f", file});
  EXPECT_NE(md5.find("MD5:" + key->md5.hash + " "), std::string::npos) << md5;
  EXPECT_TRUE(md5.ends_with("\n" + key->md5.randomart)) << md5;
  EXPECT_EQ(key->md5.hash.size(), 47U);
  const auto sha256 = keygen({"-l", "-v", "-E", "sha256", "-f", file});
  EXPECT_NE(sha256.find("SHA256:" + key->sha256.hash + " "), std::string::npos) << sha256;
  EXPECT_TRUE(sha256.ends_with("\n" + key->sha256.randomart)) << sha256;
  EXPECT_NE(key->md5.randomart, key->sha256.randomart);
}

TEST_F(SshKeyTest, a_key_that_cannot_be_used_is_an_error_that_does_not_quote_it) {
  const auto locked = (dir_ / "locked").string();
  keygen({"-q", "-N", "a passphrase", "-f", locked, "-t", "ed25519"});
  const auto garbage = dir_ / "garbage";
  std::ofstream(garbage) << "hunter2 is no key\n";
  ::chmod(garbage.c_str(), 0600);
  for (const auto& file : {fs::path(locked), garbage, dir_ / "absent"}) {
    const auto key = read_ssh_public_key(bounded(), file);
    ASSERT_FALSE(key) << file;
    EXPECT_EQ(key.error().kind, ErrorKind::user);
    EXPECT_EQ(key.error().message.find("hunter2"), std::string::npos);
    EXPECT_FALSE(key.error().help.empty());
  }
}

TEST(ParseFingerprint, takes_hash_and_picture_apart) {
  const auto parsed = parse_fingerprint("3072 MD5:a1:b2 flux@pod (RSA)\n+---[RSA 3072]----+\n+------[MD5]------+\n");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->hash, "a1:b2");
  EXPECT_EQ(parsed->randomart, "+---[RSA 3072]----+\n+------[MD5]------+\n");
  for (const auto* other : {"", "\n", "3072\n", "3072 MD5\n", "no fingerprint here"})
    EXPECT_FALSE(parse_fingerprint(other)) << other;
}

/// What a shell makes of it, in place of git's: the words that ssh, played by echo, gets.
std::string run_ssh_command(const fs::path& identity, const std::string& home) {
  Command command;
  command.argv = {"sh", "-c", ssh_command(identity) + " \"$@\"", "sh", "git@host", "git-upload-pack 'a b'"};
  command.env = {"HOME=" + home, "PATH=/usr/bin:/bin"};
  command.cwd = home;
  const auto exit = flux::run(bounded(), command);
  return exit ? exit->out + exit->err : exit.error().message;
}

TEST_F(SshKeyTest, the_users_own_ssh_command_gets_the_identity_first) {
  std::ofstream(dir_ / ".gitconfig") << "[core]\n\tsshCommand = printf '<%s>' -F \\\"a  b\\\"\n";
  EXPECT_EQ(run_ssh_command("/run/flux/identity", dir_),
            "<-F><a  b><-i></run/flux/identity><git@host><git-upload-pack 'a b'>");
  EXPECT_EQ(run_ssh_command("/it's $HOME `x` \\ \"q\"", dir_),
            "<-F><a  b><-i></it's $HOME `x` \\ \"q\"><git@host><git-upload-pack 'a b'>");
}

}  // namespace ssh_key_test
}  // namespace flux::git
