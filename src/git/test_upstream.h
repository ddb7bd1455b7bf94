#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/test_bounded.h"
#include "base/test_temp_dir.h"
#include "git/fetching_mirror.h"

namespace flux::git::testing {

namespace fs = std::filesystem;

inline void write_file(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

/// A real repository with a work tree, upstream of everything else.
class Upstream {
 public:
  explicit Upstream(fs::path dir, const std::string& format = "sha1") : dir_(std::move(dir)) {
    fs::create_directories(dir_);
    git({"init", "--quiet", "--object-format=" + format, "--initial-branch=main", "."});
  }

  std::string git(const std::vector<std::string>& args, std::string input = {}) const {
    auto out = Git().run(bounded(), dir_, Access::local, args, std::move(input));
    if (!out) ADD_FAILURE() << "git " << args.front() << ": " << out.error().message;
    auto text = out.value_or("");
    while (text.ends_with('\n')) text.pop_back();
    return text;
  }

  /// Writes the file and commits everything; returns the commit.
  std::string commit(const std::string& path, std::string_view text, const std::string& message = "change") const {
    write_file(dir_ / path, text);
    git({"add", "--all"});
    git({"commit", "--quiet", "--allow-empty", "-m", message});
    return git({"rev-parse", "HEAD"});
  }

  /// A server-side hook, such as `pre-receive`.
  void set_hook(const std::string& name, const std::string& script) const {
    write_file(hook(name), "#!/bin/sh\n" + script + "\n");
    fs::permissions(hook(name), fs::perms::owner_all);
  }
  void remove_hook(const std::string& name) const { fs::remove(hook(name)); }

  [[nodiscard]] const fs::path& dir() const { return dir_; }
  [[nodiscard]] std::string url() const { return "file://" + dir_.string(); }
  /// Itself as a repository to read from.
  [[nodiscard]] LocalRepository repository() const { return {Git(), dir_}; }

 private:
  [[nodiscard]] fs::path hook(const std::string& name) const { return dir_ / ".git/hooks" / name; }

  fs::path dir_;
};

/// Wakes the test whenever the mirror logs or refreshes, so that nothing needs to sleep.
class Witness : public LogSink {
 public:
  void write(std::string_view line) override {
    const std::lock_guard lock(mutex_);
    lines_ += line;
    lines_ += '\n';
    changed_.notify_all();
  }
  void refreshed() {
    const std::lock_guard lock(mutex_);
    ++refreshes_;
    changed_.notify_all();
  }
  [[nodiscard]] int refreshes() const {
    const std::lock_guard lock(mutex_);
    return refreshes_;
  }
  [[nodiscard]] std::string lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  ::testing::AssertionResult wait(const std::function<bool()>& reached) {
    const auto deadline = Clock::now() + std::chrono::seconds(60);
    while (true) {
      std::unique_lock lock(mutex_);
      const auto seen = std::pair(refreshes_, lines_.size());
      lock.unlock();
      if (reached()) return ::testing::AssertionSuccess();
      lock.lock();
      const auto moved = [&] { return std::pair(refreshes_, lines_.size()) != seen; };
      if (!changed_.wait_until(lock, deadline, moved))
        return ::testing::AssertionFailure() << "not reached:\n" << lines_;
    }
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int refreshes_ = 0;
  std::string lines_;
};

/// The pids of our direct children that run `git cat-file`.
inline std::vector<pid_t> reader_pids() {
  std::vector<pid_t> pids;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream stat(entry.path() / "stat");
    std::ifstream cmdline(entry.path() / "cmdline");
    pid_t pid = 0;
    std::string name, state;
    pid_t parent = 0;
    const std::string command((std::istreambuf_iterator<char>(cmdline)), std::istreambuf_iterator<char>());
    if (stat >> pid >> name >> state >> parent && parent == ::getpid() && command.find("cat-file") != std::string::npos)
      pids.push_back(pid);
  }
  return pids;
}

/// A home directory of its own, with an identity, and an upstream.
class GitTest : public ::testing::Test {
 protected:
  GitTest() : upstream_((set_home(temp_.path() / "home"), temp_.path() / "upstream")) {}

  static void set_home(const fs::path& home) {
    write_file(home / ".gitconfig", "[user]\n\tname = Ann\n\temail = ann@example.org\n");
    ::setenv("HOME", home.c_str(), 1);
    ::setenv("GNUPGHOME", (home / "gpg").c_str(), 1);
  }

  MirrorConfig config(const std::string& url) {
    MirrorConfig config;
    config.url = *Url::parse(url);
    config.branch = "main";
    config.poll_interval = std::chrono::hours(1);
    config.clone_timeout = std::chrono::seconds(30);
    config.fetch_timeout = std::chrono::seconds(30);
    config.retry_interval = std::chrono::milliseconds(20);
    config.temp_dir = temp_.path();
    config.on_refreshed = [this] { witness_->refreshed(); };
    return config;
  }
  MirrorConfig config() { return config(upstream_.url()); }

  Context logging() { return Context({}, Log(witness_, LogFormat::logfmt)); }

  /// Starts the mirror and waits until it is ready.
  void make_ready(FetchingMirror& mirror) {
    mirror.start(logging());
    ASSERT_TRUE(witness_->wait([&] { return mirror.status().state == MirrorState::ready; }));
  }

  /// Until the log has more than its first `bytes`.
  ::testing::AssertionResult wait_for_log(std::size_t bytes = 0) {
    return witness_->wait([&] { return witness_->lines().size() > bytes; });
  }

  /// How many copies of repositories there are.
  [[nodiscard]] std::size_t clones() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(temp_.path()))
      count += entry.path().filename().string().starts_with("flux-gitclone") ? 1 : 0;
    return count;
  }
  static fs::path dir_of(const Repository& repository) {
    return dynamic_cast<const LocalRepository&>(repository).dir();
  }
  static fs::path dir_of(const Mirror& mirror) { return dir_of(**mirror.repository()); }
  /// The commit of the branch as readers see it, or why they do not.
  static std::string head(const Mirror& mirror, const std::string& branch = "main") {
    const auto repository = mirror.repository();
    if (!repository) return repository.error().message;
    const auto id = branch_head(bounded(), **repository, branch);
    return id ? *id : id.error().message;
  }

  TempDir temp_;
  Upstream upstream_;
  std::shared_ptr<Witness> witness_ = std::make_shared<Witness>();
};

}  // namespace flux::git::testing
