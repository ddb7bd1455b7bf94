#pragma once

#include <optional>
#include <string>

#include "base/context.h"
#include "base/fair_semaphore.h"
#include "base/guarded.h"
#include "cluster/exec_plugin.h"
#include "cluster/kubeconfig.h"

namespace flux::cluster {

/// What one request shows to the API server.
struct Identity {
  Secret authorization;  ///< value of the Authorization header; empty: none
  Secret cert_pem;       ///< client certificate; empty: none
  Secret key_pem;
};

/// Keeps credentials fresh: files are read again after a minute, plugins run again before what they gave expires, and
/// both after forget(). Any thread; one at a time reads or runs, and the others wait for it as long as their contexts
/// let them.
class Credentials {
 public:
  /// `config` must outlive this.
  explicit Credentials(const Config& config) : config_(config) {}

  /// Cheap unless something has to be read or run.
  Result<Identity> current(const Bounded& ctx);
  /// The server refused (401) what current() gave as `used`. Does nothing when that has been replaced meanwhile, and
  /// runs a plugin again at most every ten seconds.
  void forget(const Secret& used);
  /// The same for whatever is current.
  void forget();

 private:
  using Expiry = std::optional<std::chrono::system_clock::time_point>;
  struct Fresh {
    Identity identity;
    Expiry expires;
  };
  Result<Fresh> read(const Bounded& ctx);
  Result<ExecCredential> run_plugin(const Bounded& ctx);
  /// What was read last, unless it is to be read anew.
  [[nodiscard]] std::optional<Identity> known();
  [[nodiscard]] bool stale() const REQUIRES(mutex_);

  const Config& config_;
  FairSemaphore reading_{1, "the credentials to be read"};  // held while that goes on, which mutex_ is not
  Mutex mutex_;
  std::optional<Identity> cached_ GUARDED_BY(mutex_);
  Expiry expires_ GUARDED_BY(mutex_);               // of what a plugin gave
  std::optional<Error> failed_ GUARDED_BY(mutex_);  // why the plugin's latest run gave nothing
  Clock::time_point read_at_ GUARDED_BY(mutex_);
};

/// The text, or the file's content. User error naming the file when it cannot be read.
[[nodiscard]] Result<Secret> read_text(const TextOrFile& source, std::string_view what);

}  // namespace flux::cluster
