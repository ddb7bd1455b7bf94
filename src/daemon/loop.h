#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/bell.h"
#include "base/context.h"
#include "daemon/heartbeat.h"
#include "daemon/sync_pass.h"
#include "git/mirror.h"
#include "git/verify.h"

namespace flux::daemon {

struct LoopOptions {
  std::string branch;
  std::string shown_url;  ///< for logs, without secrets
  git::VerifyMode verify = git::VerifyMode::none;
  Duration sync_interval = std::chrono::minutes(5);
  Duration git_timeout = std::chrono::seconds(20);
  Duration busy_limit = std::chrono::minutes(5);  ///< one turn that takes longer is a missed deadline
};

/// The one thread that plans and changes the cluster: serves refreshed mirrors, changes of the cluster and timers, one
/// at a time (compat/daemon.md 4.1). The others only ring.
class Loop {
 public:
  /// The parts, none owned.
  Loop(LoopOptions options, git::Mirror& mirror, sync::Marker& marker, SyncPass& pass, Heartbeat& heartbeat);

  /// Until the context is stopped.
  void run(const Context& ctx);

  // From any thread; return at once.
  void on_refreshed() { ring(refreshed_); }     ///< the mirror has fetched
  void on_cluster_change() { ring(changed_); }  ///< something of ours is not as we left it
  void on_new_kinds() { ring(changed_); }       ///< a CustomResourceDefinition came or went

 private:
  void ring(std::atomic<bool>& what);
  /// The revision to hold now; empty when there is none yet. An error keeps what we had.
  Result<std::string> find_head(const Context& ctx);
  void follow_branch(const Context& ctx);
  void turn(const Context& ctx);
  [[nodiscard]] Duration until_next() const;

  const LoopOptions options_;
  git::Mirror& mirror_;
  sync::Marker& marker_;
  SyncPass& pass_;
  Heartbeat& heartbeat_;

  Bell bell_;
  std::atomic<bool> refreshed_ = false;
  std::atomic<bool> changed_ = false;

  std::string head_;                                   // what to hold
  bool due_ = false;                                   // a new head, or a sync that has to be tried again
  int failures_ = 0;                                   // of syncs in a row
  Clock::time_point compare_;                          // next periodic comparison
  Clock::time_point look_ = Clock::time_point::max();  // when to look for the head again, after that failed
  Clock::time_point retry_;                            // of a sync that was not completed
};

}  // namespace flux::daemon
