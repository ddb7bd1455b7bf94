#pragma once

#include <condition_variable>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/context.h"
#include "base/guarded.h"
#include "base/worker.h"
#include "cluster/client.h"
#include "daemon/candidacy.h"

namespace flux::daemon {

/// Holds the Lease of a sync set for as long as it can, on a thread of its own (`lease`), so that of several daemons
/// one changes the cluster. Outside of a cluster there is no namespace to keep it in, and whoever is started leads; so
/// does, after a warning, who may not use Leases. Any thread.
class Leadership {
 public:
  struct Options {
    std::string ns;    ///< of our pod; empty: outside a cluster
    std::string name;  ///< lease_name()
    std::string me;    ///< the pod's name: the same after a restart of its container
  };
  /// Server error when there is no thread for it. `client` must outlive it.
  static Result<std::unique_ptr<Leadership>> start(const Context& ctx, cluster::Client& client, Options options);
  Leadership(const Leadership&) = delete;
  Leadership& operator=(const Leadership&) = delete;
  ~Leadership() = default;

  /// Waits until we lead. The token is stopped when we do not any more; nothing when the context ended first.
  [[nodiscard]] std::optional<std::stop_token> wait(const Context& ctx);
  /// Who leads in our place; empty: we, or nobody yet.
  [[nodiscard]] std::string other() const;
  /// For the end: others need not wait until the lease has run out.
  void give_up(const Bounded& ctx);

 private:
  Leadership(cluster::Client& client, Options options)
      : client_(client), options_(std::move(options)), candidacy_(options_.me) {}
  void compete(const Context& ctx);
  void step(const Context& ctx);
  void write(const Bounded& ctx, const cluster::Lease& lease);
  void failed(const Context& ctx, const cluster::ApiError& error);
  void settle() REQUIRES(mutex_);

  cluster::Client& client_;
  const Options options_;
  mutable Mutex mutex_;
  std::condition_variable_any changed_;
  Candidacy candidacy_ GUARDED_BY(mutex_);
  bool unrestricted_ GUARDED_BY(mutex_) = false;  // there is no Lease for us
  std::optional<std::stop_source> term_ GUARDED_BY(mutex_);
  std::string told_;  // of the thread: what was logged last
  Worker thread_;     // last: it uses all of the above
};

}  // namespace flux::daemon
