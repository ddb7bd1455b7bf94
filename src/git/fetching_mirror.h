#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/bell.h"
#include "base/context.h"
#include "base/fair_semaphore.h"
#include "base/guarded.h"
#include "base/worker.h"
#include "git/mirror.h"
#include "git/mirror_copy.h"
#include "git/recovery.h"
#include "git/url.h"

namespace flux::git {

struct MirrorConfig {
  std::optional<Url> url;  ///< nothing: unconfigured
  std::string branch;      ///< a user error keeps the mirror from getting ready when git would not allow the name
  bool read_only = false;  ///< skips the write check
  Duration poll_interval = std::chrono::minutes(5);
  Duration clone_timeout = std::chrono::seconds(20);  ///< for the first, full transfer alone
  Duration fetch_timeout = std::chrono::seconds(20);  ///< for each later fetch, and for the write check
  Duration retry_interval = std::chrono::seconds(10);
  std::filesystem::path ssh_identity;  ///< private key to show over ssh before all others; empty: ssh decides
  std::filesystem::path temp_dir;      ///< empty: TMPDIR, else /tmp
  std::function<void()> on_refreshed;  ///< when getting ready and after each fetch from then on; be quick, any thread
};

/// The real mirror: a bare copy under the temporary directory, kept fresh by a thread of its own: every poll interval,
/// and at once after notify(). What is gone upstream goes here too. The directory belongs to this process and is
/// removed with the last holder of its Repository; those that killed processes left behind are removed at the start.
///
/// A failed fetch leaves the mirror ready and readable; it is tried again after the retry interval. A copy that is
/// itself in the way (git/recovery.h) is cloned anew beside the old one, which is read until the new one is complete;
/// only when its directory is gone there is nothing to read until then. The status has the error meanwhile. An
/// exception in the thread is logged and shown as the mirror's error, and the thread goes on after a pause. All
/// methods: any thread.
class FetchingMirror : public Mirror {
 public:
  explicit FetchingMirror(MirrorConfig config);
  ~FetchingMirror() override = default;  ///< stops the thread and whatever git it runs

  /// Starts the thread; `ctx` gives its log. Once. An error when the system has no thread left.
  Result<void> start(const Context& ctx);

  [[nodiscard]] MirrorStatus status() const override;
  [[nodiscard]] const std::optional<Url>& url() const override { return config_.url; }
  [[nodiscard]] bool read_only() const override { return config_.read_only; }
  void notify() override { bell_.ring(); }
  void doubt() override {
    doubted_ = true;
    bell_.ring();
  }
  Result<void> refresh(const Context& ctx) override;
  Result<void> move_tag(const Context& ctx, const TagMove& move) override;
  GitResult<std::string> push_commit(const Context& ctx, const CommitRequest& commit) override;

  /// Runs `work` while nothing is fetched, so that refs it moves here and upstream stay in step. The context it gets is
  /// bounded by the fetch timeout from when its turn has come: waiting for a slow fetch costs it nothing.
  Result<void> exclusively(const Context& ctx,
                           const std::function<GitResult<void>(const Bounded&, const LocalRepository&)>& work);

 private:
  [[nodiscard]] Result<std::shared_ptr<const Repository>> repository_for(Reader reader) const override;
  [[nodiscard]] Result<std::shared_ptr<const MirrorCopy>> ready_copy() const;
  void run(const Context& ctx);
  [[nodiscard]] Result<FairSemaphore::Permit> take_turn(const Context& ctx);
  bool step(const Context& ctx);
  void poll(const Context& ctx);
  GitResult<std::shared_ptr<const MirrorCopy>> clone(const Context& ctx);
  GitResult<std::shared_ptr<const MirrorCopy>> clone_as(const Context& ctx, IdFormat format);
  GitResult<void> prove(const Context& ctx, const MirrorCopy& copy);
  GitResult<Fetched> fetch(const Context& ctx);
  GitResult<Fetched> fetch_into(const Context& ctx, const MirrorCopy& copy);
  void tidy(const Context& ctx, const MirrorCopy& copy);
  void find_blame(const Context& ctx, const MirrorCopy& copy, const GitError& error);
  void examine(const Context& ctx, const MirrorCopy& copy);
  void replace_if_due(const Context& ctx, std::shared_ptr<const MirrorCopy> copy);
  GitResult<void> replace(const Context& ctx);
  void drop(const Context& ctx, Error why);
  void refreshed();
  void push_failed(const Context& ctx, const MirrorCopy& copy, const GitError& error);
  void condemn(Error why);
  [[nodiscard]] std::shared_ptr<const MirrorCopy> current() const;
  void set(MirrorState state, std::optional<Error> error);

  const MirrorConfig config_;
  const Git git_;
  Bell bell_;
  std::atomic<bool> doubted_ = false;                         ///< the copy is to be checked
  FairSemaphore network_{1, "another git operation to end"};  ///< one that changes the copy or talks to the remote
  mutable Mutex mutex_;
  MirrorStatus status_ GUARDED_BY(mutex_);
  Recovery recovery_ GUARDED_BY(mutex_);
  std::shared_ptr<const MirrorCopy> copy_ GUARDED_BY(mutex_);
  bool just_cloned_ = false;     ///< thread_ only: no need to fetch again
  std::optional<Error> missed_;  ///< thread_ only: by the fetches before it got ready
  int fetches_ = 0;              ///< thread_ only: since the last tidying
  std::string_view doing_;       ///< thread_ only: what was going on, should it end by an exception
  Worker thread_;                ///< last, so that it has ended before the rest goes
};

}  // namespace flux::git
