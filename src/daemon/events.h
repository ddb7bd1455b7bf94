#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/context.h"
#include "git/log.h"
#include "model/resource_id.h"

namespace flux::daemon {

/// One revision was brought into the cluster.
struct SyncEvent {
  std::vector<git::Commit> commits;  ///< since the revision before, newest first: all, or the ends (git::CommitDetail)
  std::vector<ResourceId> changed;   ///< what git wants otherwise than before
  std::vector<ResourceId> replaced{};  ///< what had to be deleted and created again
};

/// A job of ours has made a commit.
struct CommitEvent {
  std::string revision;
  std::vector<ResourceId> updated;  ///< the workloads that the job changed
};

/// What happened that people want to hear of (compat/daemon.md 4.5); each kind is a type of its own.
using Event = std::variant<SyncEvent, CommitEvent>;

/// `Sync: 1a2b3c4, shop:deployment/cart`: in the original's words.
[[nodiscard]] std::string to_string(const Event& event);

/// Where events go. Called on the loop's thread; must not wait for anybody.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void send(const Context& ctx, const Event& event) = 0;
};

/// Puts events into the log.
class EventLog : public EventSink {
 public:
  void send(const Context& ctx, const Event& event) override;
};

}  // namespace flux::daemon
