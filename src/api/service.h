#pragma once

#include <string>
#include <vector>

#include "api/wire.h"
#include "base/context.h"
#include "base/result.h"

namespace flux::api {

/// What the daemon does for its API: the handlers turn requests into these calls. Implemented by daemon/service.
/// Any thread, many at once. The context ends when the client goes away. Error kinds are those of the API; anything
/// that fails inside (git, cluster) may be `server`, the handlers see to the status (compat/api.md 2.1).
class Service {
 public:
  virtual ~Service() = default;

  /// Asks the cluster's API for its version.
  virtual Result<void> ping(const Context& ctx) = 0;

  virtual std::string version() = 0;

  /// Starts what the change asks for, and returns without waiting for it (compat/api.md 6.8).
  virtual Result<void> notify(const Context& ctx, const Change& change) = 0;

  /// Commits that `ref` has and the sync marker has not, newest first. `ref` is any revision expression
  /// (compat/api.md 6.7).
  virtual Result<std::vector<std::string>> sync_status(const Context& ctx, const std::string& ref) = 0;

  /// Answers from what is known, whatever the state of the repository; must not wait for a fetch. With `regenerate`
  /// a new deploy key is made and stored first.
  virtual Result<GitConfig> git_repo_config(const Context& ctx, bool regenerate) = 0;

  /// The same key alone. Liveness probes call this: it must answer at once, also when there is no key.
  virtual Result<PublicKey> public_ssh_key(const Context& ctx, bool regenerate) = 0;

  /// Whether this process still does its work; an error says what does not. For `/healthz`.
  virtual Result<void> healthy() = 0;

  /// Whether it has everything it needs to sync: git and cluster reached. For `/readyz`.
  virtual Result<void> ready() = 0;

  /// The metrics of this process in Prometheus' text format 0.0.4.
  virtual std::string metrics_text() = 0;
};

}  // namespace flux::api
