#pragma once

#include <string>
#include <vector>

#include "api/service.h"
#include "base/fair_semaphore.h"
#include "cluster/client.h"
#include "cluster/discovery.h"
#include "cluster/watch_cache.h"
#include "daemon/cluster_contact.h"
#include "daemon/deploy_key.h"
#include "daemon/health.h"
#include "daemon/leadership.h"
#include "daemon/listing/find.h"
#include "daemon/revision_reader.h"
#include "daemon/scanning/image_scanning.h"
#include "daemon/source_state.h"
#include "daemon/sync_options.h"
#include "daemon/updates/updater.h"
#include "git/mirror.h"
#include "metrics/metrics.h"
#include "sync/marker.h"

namespace flux::daemon {

struct ServiceOptions {
  std::string version;
  std::string branch;
  std::string notes_ref;
  Duration health_limit = std::chrono::minutes(15);  ///< HealthFacts::limit
  bool every_path = false;                           ///< commits count whatever they touch: manifests are generated
  Duration git_timeout = std::chrono::seconds(20);
  SyncOptions sync;                       ///< those of the sync itself
  std::vector<std::string> use_labels{};  ///< ImageListOptions::use_labels
};

/// The parts of the daemon that answers come from. None is owned.
struct ServiceParts {
  git::Mirror& mirror;
  sync::Marker& marker;
  sync::Cluster cluster;
  SourceState& state;
  DeployKey* deploy_key;  ///< nullptr: there is none
  metrics::Metrics& metrics;
  const Leadership* leadership = nullptr;  ///< nullptr: we always lead
  ClusterContact* contact = nullptr;       ///< nullptr: the cluster is not asked whether it is there
  ImageScanning* images = nullptr;         ///< nullptr: images are not scanned
  Updater* updater = nullptr;              ///< for plans; nullptr: there are none
};

/// What the daemon answers to its API. Any thread. Only so many ask git or the cluster at once; everything else
/// answers at once; nothing waits for a sync.
class Service : public api::Service {
 public:
  /// Threads that requests may hold at once; a server should have some more, for probes.
  static constexpr int kSlowRequests = 8;
  static constexpr int kWaitingRequests = 24;
  static constexpr int kThreads = kSlowRequests + kWaitingRequests + 2 + 4;  ///< 2: diffs

  Service(ServiceOptions options, ServiceParts parts);

  Result<void> ping(const Context& ctx) override;
  std::string version() override { return options_.version; }
  Result<void> notify(const Context& ctx, const api::Change& change) override;
  Result<std::vector<api::ControllerStatus>> list_services(const Context& ctx,
                                                           const api::ListServicesOptions& options) override;
  Result<std::vector<api::ImageStatus>> list_images(const Context& ctx, const api::ListImagesOptions& options) override;
  Result<std::string> update_manifests(const Context& ctx, const UpdateSpec& spec) override;
  Result<api::JobStatus> job_status(const Context& ctx, const std::string& id) override;
  Result<std::vector<std::string>> sync_status(const Context& ctx, const std::string& ref) override;
  Result<std::string> export_manifests(const Context& ctx) override;
  Result<api::GitConfig> git_repo_config(const Context& ctx, bool regenerate) override;
  Result<api::PublicKey> public_ssh_key(const Context& ctx, bool regenerate) override;
  Result<api::DaemonStatus> status(const Context& ctx) override;
  Result<api::SyncDiff> diff(const Context& ctx, const std::string& ref) override;
  Result<api::Explanation> explain(const Context& ctx, const ResourceId& id, bool all_tags) override;
  Result<void> alive() override;
  Result<void> healthy() override;
  Result<void> ready() override;
  std::string metrics_text() override;

 private:
  /// As long as `ctx`, which has to outlive it, lasts.
  [[nodiscard]] KnownImages known_images(const Bounded& ctx) const;
  Result<std::vector<cluster::LiveWorkload>> workloads(const Bounded& ctx, const cluster::Catalog& catalog,
                                                       const Selection& selection) const;
  [[nodiscard]] HealthFacts health_facts() const;
  [[nodiscard]] std::string shown_url() const;
  [[nodiscard]] std::string leader() const;
  [[nodiscard]] std::string head(const Context& ctx, const std::string& leader) const;
  [[nodiscard]] std::vector<std::string> commit_paths() const;
  [[nodiscard]] std::vector<std::string> allowed_namespaces() const;

  const ServiceOptions options_;
  const ServiceParts parts_;
  RevisionReader reader_;
  /// Keeps requests that take a while from taking all of the threads that serve requests, so that probes are answered
  /// whatever clients do.
  FairSemaphore slow_{kSlowRequests, "an earlier request to end", kWaitingRequests};
  FairSemaphore diffs_{1, "an earlier diff to end", 1};  ///< each may cost the API server thousands of requests
};

}  // namespace flux::daemon
