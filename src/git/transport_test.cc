#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "git/marker.h"
#include "git/test_upstream.h"

namespace flux::git::testing {
namespace transport_test {

using ::testing::HasSubstr;
using ::testing::Not;

/// The mirror and the marker over the wires that people use: ssh with a real sshd, https with real TLS.
class TransportTest : public GitTest {
 protected:
  void run(std::vector<std::string> argv) {
    Command command;
    command.argv = std::move(argv);
    command.env = child_environment();
    command.cwd = temp_.path();
    const auto exit = flux::run(bounded(), command);
    ASSERT_TRUE(exit) << exit.error().message;
    ASSERT_EQ(exit->status, 0) << exit->err;
  }

  void append_to_gitconfig(const std::string& text) {
    std::ofstream(temp_.path() / "home/.gitconfig", std::ios::app) << text;
  }

  /// Clone, write check, fetch, tag.
  void go_through(const std::string& url) {
    const auto first = upstream_.commit("a", "1");
    FetchingMirror mirror(config(url));
    make_ready(mirror);
    ASSERT_TRUE(write_marker(bounded(), mirror, "flux-sync", first, {"Flux", "flux@example.org", ""}));
    EXPECT_EQ(upstream_.git({"rev-parse", "flux-sync^{commit}"}), first);
    const auto second = upstream_.commit("a", "2");
    ASSERT_TRUE(mirror.refresh(bounded()));
    EXPECT_EQ(*branch_head(bounded(), **mirror.repository(), "main"), second);
    EXPECT_EQ(witness_->lines(), "");
  }
};

class SshTest : public TransportTest {
 protected:
  void SetUp() override {
    ASSERT_EQ(::access("/usr/sbin/sshd", X_OK), 0) << "needs sshd: run scripts/setup test";
    // As root it wants this directory, which Debian makes only when the service starts.
    if (::geteuid() == 0) ::mkdir("/run/sshd", 0755);
    for (const auto* key : {"host", "ours", "other"})
      run({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", (temp_.path() / key).string()});
    const auto dir = temp_.path().string();
    fs::copy_file(dir + "/ours.pub", dir + "/authorized");
    write_file(dir + "/sshd_config", fmt::format("HostKey {0}/host\nAuthorizedKeysFile {0}/authorized\nStrictModes no\n"
                                                 "UsePAM no\nPidFile none\nLogLevel QUIET\n",
                                                 dir));
    std::ifstream host_key(dir + "/host.pub");
    std::string type;
    std::string key;
    host_key >> type >> key;
    write_file(dir + "/known_hosts", fmt::format("git.test {} {}\n", type, key));
    use_key("ours");
  }

  /// A server of its own for each connection, spoken to over a pipe: nobody can take its port.
  void use_key(const std::string& key) {
    const auto dir = temp_.path().string();
    write_file(dir + "/ssh_config",
               fmt::format("Host *\n IdentityFile {0}/{1}\n IdentitiesOnly yes\n IdentityAgent none\n BatchMode yes\n"
                           " UserKnownHostsFile {0}/known_hosts\n GlobalKnownHostsFile /dev/null\n"
                           " StrictHostKeyChecking yes\n LogLevel error\n"
                           " ProxyCommand /usr/sbin/sshd -i -f {0}/sshd_config\n",
                           dir, key));
    append_to_gitconfig(fmt::format("[core]\n\tsshCommand = ssh -F {}/ssh_config\n", dir));
  }

  [[nodiscard]] std::string url() const {
    return fmt::format("ssh://{}@git.test{}", ::getpwuid(::getuid())->pw_name, upstream_.dir().string());
  }
};

TEST_F(SshTest, WorksWithAKeyTheServerKnows) { go_through(url()); }

TEST_F(SshTest, SaysWhatTheServerSaidToAStranger) {
  use_key("other");
  FetchingMirror mirror(config(url()));
  mirror.start(logging());
  ASSERT_TRUE(wait_for_log());
  EXPECT_THAT(mirror.status().message(), HasSubstr("Permission denied"));
  EXPECT_THAT(mirror.status().message(), HasSubstr("fatal: Could not read from remote repository., full output:"));
  EXPECT_THAT(witness_->lines(), HasSubstr(std::string(help_for(GitFailure::access_denied))));
}

TEST_F(SshTest, ShowsTheGivenIdentityBeforeTheConfiguredOne) {
  use_key("other");
  const auto first = upstream_.commit("a", "1");
  auto with_identity = config(url());
  with_identity.ssh_identity = temp_.path() / "ours";
  FetchingMirror mirror(with_identity);
  make_ready(mirror);
  EXPECT_EQ(*branch_head(bounded(), **mirror.repository(), "main"), first);
}

class HttpsTest : public TransportTest {
 protected:
  void SetUp() override {
    const auto dir = temp_.path().string();
    run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
         dir + "/tls.key", "-out", dir + "/tls.crt", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=IP:127.0.0.1"});
    append_to_gitconfig(fmt::format("[http]\n\tsslCAInfo = {}/tls.crt\n", dir));
    Command command;
    command.argv = {"python3",
                    (fs::path(FLUX_TESTDATA) / "https_git_server.py").string(),
                    dir,
                    dir + "/tls.crt",
                    dir + "/tls.key",
                    "ann",
                    "s3cr/t@x"};
    command.env = child_environment();
    auto child = Child::start(command);
    ASSERT_TRUE(child) << child.error().message;
    server_.emplace(std::move(*child));
    std::string line;
    while (line.find('\n') == std::string::npos) ASSERT_TRUE(server_->read(bounded(), line));
    port_ = std::stoi(line);
  }

  [[nodiscard]] std::string url(const std::string& userinfo) const {
    return fmt::format("https://{}127.0.0.1:{}/upstream/.git", userinfo, port_);
  }
  std::string error_with(const std::string& userinfo) {
    FetchingMirror mirror(config(url(userinfo)));
    const auto before = witness_->lines().size();
    mirror.start(logging());
    EXPECT_TRUE(wait_for_log(before));
    return mirror.status().message();
  }

  std::optional<Child> server_;
  int port_ = 0;
};

TEST_F(HttpsTest, WorksWithCredentialsInTheUrl) { go_through(url("ann:s3cr%2Ft%40x@")); }

TEST_F(HttpsTest, WorksWithAPasswordThatShouldHaveBeenEncoded) { go_through(url("ann:s3cr/t@x@")); }

TEST_F(HttpsTest, WorksWithAUserWhosePasswordAHelperKnows) {
  append_to_gitconfig("[credential]\n\thelper = \"!f() { echo password=s3cr/t@x; }; f\"\n");
  go_through(url("ann@"));
}

TEST_F(HttpsTest, WhoMayNotWriteIsToldSoUnlessItIsNotMeantTo) {
  upstream_.commit("a", "1");
  upstream_.git({"config", "http.receivepack", "false"});
  {
    FetchingMirror mirror(config(url("ann:s3cr%2Ft%40x@")));
    mirror.start(logging());
    ASSERT_TRUE(wait_for_log());
    EXPECT_EQ(mirror.status().state, MirrorState::cloned);
    EXPECT_THAT(mirror.status().message(), ::testing::StartsWith("attempt to push tag: "));
    EXPECT_THAT(mirror.status().message(), HasSubstr("403"));
    EXPECT_THAT(mirror.status().error->help, HasSubstr("--git-readonly"));
    upstream_.git({"config", "--unset", "http.receivepack"});
    mirror.notify();
    EXPECT_TRUE(witness_->wait([&] { return mirror.status().healthy(); }));
  }
  upstream_.git({"config", "http.receivepack", "false"});
  auto read_only = config(url("ann:s3cr%2Ft%40x@"));
  read_only.read_only = true;
  FetchingMirror mirror(std::move(read_only));
  make_ready(mirror);
}

TEST_F(HttpsTest, WrongPasswordIsAnErrorThatDoesNotNameIt) {
  const auto error = error_with("ann:wr0ng%40pw@");
  EXPECT_THAT(error, HasSubstr("fatal: Authentication failed for"));
  EXPECT_THAT(error, Not(HasSubstr("wr0ng")));
  EXPECT_THAT(witness_->lines(), Not(HasSubstr("wr0ng")));
}

TEST_F(HttpsTest, MissingOrLonelyTokenIsAnErrorThatDoesNotNameIt) {
  EXPECT_THAT(error_with(""), HasSubstr("could not read Username"));
  const auto error = error_with("t0kent0ken@");
  EXPECT_THAT(error, HasSubstr("could not read Password"));
  EXPECT_THAT(error, Not(HasSubstr("t0ken")));
}

}  // namespace transport_test
}  // namespace flux::git::testing
