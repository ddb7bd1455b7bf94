#pragma once

#include <string>
#include <vector>

#include "api/service.h"
#include "cluster/client.h"
#include "daemon/heartbeat.h"
#include "git/mirror.h"
#include "metrics/metrics.h"
#include "sync/marker.h"

namespace flux::daemon {

struct ServiceOptions {
  std::string version;
  std::string branch;
  std::vector<std::string> git_paths;
  Duration git_timeout = std::chrono::seconds(20);
};

/// What the daemon answers to its API. Any thread; the parts are not owned.
class Service : public api::Service {
 public:
  Service(ServiceOptions options, git::Mirror& mirror, cluster::Client& client, sync::Marker& marker,
          const Heartbeat& heartbeat, metrics::Metrics& metrics)
      : options_(std::move(options)),
        mirror_(mirror),
        client_(client),
        marker_(marker),
        heartbeat_(heartbeat),
        metrics_(metrics) {}

  Result<void> ping(const Context& ctx) override;
  std::string version() override { return options_.version; }
  Result<void> notify(const Context& ctx, const api::Change& change) override;
  Result<std::vector<std::string>> sync_status(const Context& ctx, const std::string& ref) override;
  Result<api::GitConfig> git_repo_config(const Context& ctx, bool regenerate) override;
  Result<api::PublicKey> public_ssh_key(const Context& ctx, bool regenerate) override;
  Result<void> healthy() override;
  Result<void> ready() override;
  std::string metrics_text() override;

 private:
  const ServiceOptions options_;
  git::Mirror& mirror_;
  cluster::Client& client_;
  sync::Marker& marker_;
  const Heartbeat& heartbeat_;
  metrics::Metrics& metrics_;
};

}  // namespace flux::daemon
