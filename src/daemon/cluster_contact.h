#pragma once

#include <condition_variable>
#include <optional>

#include "base/bell.h"
#include "base/context.h"
#include "base/guarded.h"
#include "base/worker.h"
#include "cluster/client.h"

namespace flux::daemon {

/// What the API server said when it was asked last whether it is there.
struct Contact {
  std::optional<Error> error;                 ///< why it cannot be used; nothing: it answered, or was never asked
  std::optional<Clock::time_point> answered;  ///< when it last said that it can be
  std::optional<Clock::time_point> waiting;   ///< since when the question under way is
};

/// Asks the API server whether it is there (`GET /readyz`, which looks at etcd, too), but only when somebody wants to
/// know, and at most every few seconds: a daemon at rest asks nothing. One thread of its own, so that who asks never
/// waits for longer than it wants to, whatever hangs. Any thread.
class ClusterContact {
 public:
  explicit ClusterContact(cluster::Client& client) : client_(client) {}

  /// Starts the thread. Once. An error when the system has no thread left.
  Result<void> start(const Context& ctx);

  /// What is known after at most `patience`. Without start(): that nobody was ever asked.
  Contact ask(Duration patience);
  /// The same without asking.
  [[nodiscard]] Contact last() const;

 private:
  void run(const Context& ctx);

  cluster::Client& client_;
  Bell asked_;
  mutable Mutex mutex_;
  std::condition_variable_any told_;
  Contact contact_ GUARDED_BY(mutex_);
  std::optional<Clock::time_point> ended_ GUARDED_BY(mutex_);  // when the last question was answered or given up
  bool started_ GUARDED_BY(mutex_) = false;
  Worker thread_;  // last, so that it has ended before the rest goes
};

/// Why the cluster counts as not there: it said so, or has not answered for a while. Nothing: it counts as there. Pure.
[[nodiscard]] std::optional<Error> cluster_away(const Contact& contact, Clock::time_point now);

}  // namespace flux::daemon
