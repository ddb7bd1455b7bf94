#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/bell.h"
#include "base/context.h"
#include "git/repository.h"
#include "git/turn.h"
#include "git/url.h"

namespace flux::git {

/// How far the mirror has come (compat/daemon.md 2.2).
enum class MirrorState {
  unconfigured,  ///< no URL; final
  fresh,         ///< `new`: not cloned yet
  unreachable,   ///< not cloned: the host name could not be resolved
  cloned,        ///< cloned; branch and write access not proven yet
  ready,         ///< usable. Stays so when a later fetch fails
};

/// The `Status` of the API: `unconfigured`, `new`, `unreachable`, `cloned`, `ready`.
[[nodiscard]] std::string_view to_string(MirrorState state);

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

/// A snapshot for the API, metrics and logs.
struct MirrorStatus {
  MirrorState state = MirrorState::fresh;
  std::string error;  ///< why not ready, or why the latest fetch of a ready mirror failed; empty: all is well

  /// What `flux_git_ready` reports: ready, and the remote answered last time. Flux v1 went back to `new` after a failed
  /// fetch, and alerts rely on that; our mirror keeps serving what it has, so the metric says what the state does not.
  [[nodiscard]] bool healthy() const { return state == MirrorState::ready && error.empty(); }
};

/// A bare copy of the upstream repository under the temporary directory, kept fresh by a thread of its own: every poll
/// interval, and at once after notify(). Holds branches, tags and notes; what is gone upstream goes here too. The
/// directory belongs to this process and is removed with the last holder of its Repository; those that killed
/// processes left behind are removed at the start.
///
/// A failed fetch leaves the mirror ready and readable; it is tried again after the retry interval. Only a repository
/// that is gone or damaged is cloned anew. All methods: any thread.
class Mirror {
 public:
  explicit Mirror(MirrorConfig config);
  ~Mirror() = default;  ///< stops the thread and whatever git it runs
  Mirror(const Mirror&) = delete;
  Mirror& operator=(const Mirror&) = delete;

  /// Starts the thread; `ctx` gives its log. Once.
  void start(const Context& ctx);

  /// Asks for a fetch soon, or for the next attempt to get ready. Many at once are one.
  void notify() { bell_.ring(); }

  /// For a reader that missed an object: has the local copy checked, and cloned anew if it is damaged.
  void doubt() {
    doubted_ = true;
    bell_.ring();
  }

  /// Fetches now, on the caller's thread, within the fetch timeout from when its turn has come. For jobs and syncs that
  /// need what they just pushed. Here and below `ctx` only brings the stop and an outer deadline, if there is one.
  Result<void> refresh(const Context& ctx);

  [[nodiscard]] MirrorStatus status() const;
  [[nodiscard]] const MirrorConfig& config() const { return config_; }

  /// The local copy. `git repo does not have valid config` when unconfigured, else `git repo not ready: ...` unless
  /// ready (both user errors).
  [[nodiscard]] Result<std::shared_ptr<const Repository>> repository() const;

  /// Runs `work` while nothing is fetched, so that refs it moves here and upstream stay in step. The context it gets is
  /// bounded by the fetch timeout from when its turn has come: waiting for a slow fetch costs it nothing.
  Result<void> exclusively(const Context& ctx,
                           const std::function<Result<void>(const Bounded&, const Repository&)>& work);

 private:
  void run(const Context& ctx);
  [[nodiscard]] Result<Turn::Held> take_turn(const Context& ctx);
  bool step(const Context& ctx);
  void poll(const Context& ctx);
  Result<void> clone(const Context& ctx);
  Result<void> prove(const Context& ctx, const Repository& repository);
  Result<void> fetch(const Context& ctx, const Repository& repository, Duration timeout);
  void tidy(const Context& ctx, const Repository& repository);
  void fall_back_if_damaged(const Context& ctx, const Repository& repository, const Error& error);
  [[nodiscard]] bool is_damaged(const Context& ctx, const Repository& repository) const;
  void give_up(const Context& ctx, std::string why);
  void refreshed();
  void note_fetch(const Repository& repository, std::string error);
  [[nodiscard]] std::shared_ptr<const Repository> current() const;
  void set(MirrorState state, std::string error);

  const MirrorConfig config_;
  const Git git_;
  const std::string write_check_tag_;  ///< one for all attempts, so that none leaves another tag behind upstream
  Bell bell_;
  std::atomic<bool> doubted_ = false;
  Turn network_;              ///< one conversation with the remote at a time
  mutable std::mutex mutex_;  ///< guards what follows
  MirrorState state_;
  std::string error_;
  std::shared_ptr<const Repository> repository_;
  bool just_cloned_ = false;  ///< thread_ only: no need to fetch again
  int fetches_ = 0;           ///< thread_ only: since the last tidying
  std::jthread thread_;       ///< last, so that it has ended before the rest goes
};

}  // namespace flux::git
