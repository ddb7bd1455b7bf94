#pragma once

#include <memory>
#include <string>

#include "base/context.h"
#include "base/guarded.h"
#include "cluster/credentials.h"
#include "cluster/kubeconfig.h"
#include "cluster/transport.h"

namespace flux::cluster {

struct Call;

/// The connection to one API server with whoever we are just now. Any thread.
class Session {
 public:
  Session(Config config, std::string user_agent, Connect connect);

  /// A request ready to be sent: over `transport`, which the sender keeps alive until the answer.
  struct Prepared {
    std::shared_ptr<Transport> transport;
    http::ClientRequest request;
  };
  /// Blocks only while credentials are being read or a plugin runs.
  Result<Prepared> prepare(const Bounded& ctx, const Call& call);

  /// `used`: the authorization that got a 401.
  void forget(const Secret& used) { credentials_.forget(used); }
  void forget() { credentials_.forget(); }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  Result<std::shared_ptr<Transport>> connection(const Identity& identity);

  const Config config_;
  const std::string user_agent_;
  const Connect connect_;
  Credentials credentials_;
  Mutex mutex_;
  std::shared_ptr<Transport> transport_ GUARDED_BY(mutex_);
  Secret cert_pem_ GUARDED_BY(mutex_);  // of transport_
  Secret key_pem_ GUARDED_BY(mutex_);
};

}  // namespace flux::cluster
