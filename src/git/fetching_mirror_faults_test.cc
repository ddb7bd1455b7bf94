#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "git/clone_dir.h"
#include "git/test_upstream.h"

namespace flux::git::testing {
namespace fetching_mirror_faults_test {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// Accepts connections and never says a word.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(socket_, 8), 0);
    EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~SilentServer() {
    if (client_ >= 0) ::close(client_);
    ::close(socket_);
  }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  [[nodiscard]] int port() const { return port_; }

  /// Until somebody has connected and said something.
  void wait_for_request() {
    client_ = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    pollfd waiting{client_, POLLIN, 0};
    ASSERT_EQ(::poll(&waiting, 1, 60'000), 1);
  }
  /// Until the other side is gone.
  void wait_for_end() const {
    char byte[4096];
    while (::read(client_, byte, sizeof byte) > 0) {
    }
  }

 private:
  int socket_;
  int client_ = -1;
  int port_ = 0;
};

std::vector<std::string> command_lines() {
  std::vector<std::string> lines;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "cmdline", std::ios::binary);
    lines.emplace_back((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  }
  return lines;
}

/// Notes what the mirror's status says whenever something is logged, and passes that on.
class StatusAtEachLine : public LogSink {
 public:
  StatusAtEachLine(const Mirror& mirror, std::shared_ptr<LogSink> next) : mirror_(mirror), next_(std::move(next)) {}
  void write(std::string_view line) override {
    seen_ += mirror_.status().message() + "\n";
    next_->write(line);
  }
  [[nodiscard]] const std::string& seen() const { return seen_; }

 private:
  const Mirror& mirror_;
  std::shared_ptr<LogSink> next_;
  std::string seen_;
};

class MirrorFaults : public GitTest {};

TEST_F(MirrorFaults, SilentServerRunsIntoTheTimeout) {
  SilentServer server;
  auto slow = config(fmt::format("git://127.0.0.1:{}/x", server.port()));
  slow.clone_timeout = std::chrono::milliseconds(200);
  FetchingMirror mirror(std::move(slow));
  mirror.start(logging());
  ASSERT_TRUE(wait_for_log());
  EXPECT_EQ(mirror.status().state, MirrorState::fresh);
  EXPECT_THAT(mirror.status().message(), HasSubstr("running git command: git [fetch"));
  EXPECT_THAT(mirror.status().message(), HasSubstr("context deadline exceeded"));
  server.wait_for_request();
  server.wait_for_end();
}

TEST_F(MirrorFaults, StoppingEndsAHangingGit) {
  SilentServer server;
  auto mirror = std::make_unique<FetchingMirror>(config(fmt::format("git://127.0.0.1:{}/x", server.port())));
  mirror->start(logging());
  server.wait_for_request();
  mirror.reset();
  server.wait_for_end();
  EXPECT_THAT(witness_->lines(), IsEmpty()) << "a stop is no failure";
}

TEST_F(MirrorFaults, CredentialsAreNeitherOnCommandLinesNorInErrorsNorOnDisk) {
  SilentServer server;
  auto slow = config(fmt::format("http://ann:s3cr%40et@127.0.0.1:{}/x", server.port()));
  slow.clone_timeout = std::chrono::seconds(5);
  FetchingMirror mirror(std::move(slow));
  mirror.start(logging());
  server.wait_for_request();
  const auto lines = command_lines();
  EXPECT_THAT(lines, Contains(HasSubstr(fmt::format("http://127.0.0.1:{}/x", server.port()))));
  for (const auto* secret : {"s3cr%40et", "s3cr@et"}) EXPECT_THAT(lines, Not(Contains(HasSubstr(secret))));
  for (const auto& entry : fs::recursive_directory_iterator(temp_.path())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    EXPECT_THAT(text, Not(HasSubstr("s3cr"))) << entry.path();
  }
}

TEST_F(MirrorFaults, ErrorsOfOddUrlsHideThePassword) {
  for (const auto* url :
       {"https://ann:s3cr^et@127.0.0.1:1/x", "https://ann:s3cr/et@127.0.0.1:1/x", "https://s3cr^et@127.0.0.1:1/x",
        "foo://ann:s3cr^et@127.0.0.1:1/x", "ann:s3cr^et@127.0.0.1:x"}) {
    SCOPED_TRACE(url);
    FetchingMirror mirror(config(url));
    const auto before = witness_->lines().size();
    mirror.start(logging());
    ASSERT_TRUE(wait_for_log(before));
    EXPECT_THAT(mirror.status().message(), Not(HasSubstr("s3cr")));
    EXPECT_THAT(witness_->lines(), Not(HasSubstr("s3cr")));
  }
}

TEST_F(MirrorFaults, AnExceptionIsAnErrorOfTheMirrorAndItGoesOn) {
  upstream_.commit("a", "1");
  auto faulty = config();
  int calls = 0;
  faulty.on_refreshed = [&, told = faulty.on_refreshed] {
    // When getting ready, and at the next fetch.
    if (++calls <= 2) throw std::runtime_error(calls == 1 ? "thunder" : "lightning");
    told();
  };
  FetchingMirror mirror(std::move(faulty));
  const auto sink = std::make_shared<StatusAtEachLine>(mirror, witness_);
  mirror.start(Context({}, Log(sink, LogFormat::logfmt)));
  ASSERT_TRUE(witness_->wait([&] { return witness_->refreshes() == 1; }));
  EXPECT_TRUE(mirror.status().healthy()) << mirror.status().message();
  for (const auto* what : {"thunder", "lightning"}) {
    EXPECT_THAT(witness_->lines(), HasSubstr(std::string("keeping the git mirror: ") + what));
    EXPECT_THAT(sink->seen(),
                HasSubstr(std::string("the git mirror failed while telling of what was fetched: ") + what));
  }
  const auto second = upstream_.commit("a", "2");
  mirror.notify();
  EXPECT_TRUE(witness_->wait([&] { return *branch_head(bounded(), **mirror.repository(), "main") == second; }));
}

TEST_F(MirrorFaults, LeftoversOfDeadProcessesAreRemovedAndOthersKept) {
  const auto leftover = temp_.path() / "flux-gitcloneDEAD";
  write_file(leftover / "fluxd.lock", "");
  write_file(leftover / "objects/pack/x", "x");
  const auto foreign = temp_.path() / "flux-gitclone12345";
  write_file(foreign / "HEAD", "");
  auto ours = CloneDir::make(temp_.path());
  ASSERT_TRUE(ours) << ours.error().message;

  const auto unfinished = temp_.path() / "flux-gitclone-new-OLD";
  const auto unlocked = temp_.path() / "flux-gitclone-new-OLDER";
  const auto recent = temp_.path() / "flux-gitclone-new-NEW";
  write_file(unfinished / "fluxd.lock", "");
  write_file(recent / "fluxd.lock", "");
  fs::create_directory(unlocked);
  for (const auto& dir : {unfinished, unlocked})
    fs::last_write_time(dir, fs::file_time_type::clock::now() - std::chrono::hours(2));

  EXPECT_EQ(remove_stale_clones(temp_.path()), 3U);
  for (const auto& dir : {leftover, unfinished, unlocked}) EXPECT_FALSE(fs::exists(dir)) << dir;
  EXPECT_TRUE(fs::exists(recent));
  EXPECT_TRUE(fs::exists(foreign));
  EXPECT_TRUE(fs::exists((*ours)->path()));
  EXPECT_THAT((*ours)->path().filename().string(), ::testing::StartsWith("flux-gitclone"));

  const auto path = (*ours)->path();
  ours->reset();
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(MirrorFaults, UnwritableTemporaryDirectoryIsAnError) {
  const auto made = CloneDir::make(temp_.path() / "nowhere");
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().help, HasSubstr("TMPDIR"));
  EXPECT_EQ(remove_stale_clones(temp_.path() / "nowhere"), 0U);
}

}  // namespace fetching_mirror_faults_test
}  // namespace flux::git::testing
