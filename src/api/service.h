#pragma once

#include <string>
#include <vector>

#include "api/wire/change.h"
#include "api/wire/controller_status.h"
#include "api/wire/daemon_status.h"
#include "api/wire/explanation.h"
#include "api/wire/git_config.h"
#include "api/wire/image_status.h"
#include "api/wire/job_status.h"
#include "api/wire/list_options.h"
#include "api/wire/sync_diff.h"
#include "base/context.h"
#include "base/result.h"
#include "model/update_spec.h"

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

  /// Workloads in the cluster with what git says about them, in any order (compat/api.md 6.2).
  virtual Result<std::vector<ControllerStatus>> list_services(const Context& ctx,
                                                              const ListServicesOptions& options) = 0;

  /// Workloads with the images of their containers (compat/api.md 6.3). The handlers leave out the fields that were not
  /// asked for, and refuse unknown ones.
  virtual Result<std::vector<ImageStatus>> list_images(const Context& ctx, const ListImagesOptions& options) = 0;

  /// Queues the change and returns its job's id at once; a plan is computed before this returns, and its failure is
  /// this call's (compat/api.md 6.4). Never called with an AutomatedSpec.
  virtual Result<std::string> update_manifests(const Context& ctx, const UpdateSpec& spec) = 0;

  /// Missing when no such job is known, here or in the notes of the branch (compat/api.md 6.6).
  virtual Result<JobStatus> job_status(const Context& ctx, const std::string& id) = 0;

  /// Commits that `ref` has and the sync marker has not, newest first. `ref` is any revision expression
  /// (compat/api.md 6.7).
  virtual Result<std::vector<std::string>> sync_status(const Context& ctx, const std::string& ref) = 0;

  /// The workloads of the cluster as YAML, documents separated by `---`; empty when there is nothing
  /// (compat/api.md 6.1).
  virtual Result<std::string> export_manifests(const Context& ctx) = 0;

  /// Answers from what is known, whatever the state of the repository; must not wait for a fetch. With `regenerate`
  /// a new deploy key is made and stored first.
  virtual Result<GitConfig> git_repo_config(const Context& ctx, bool regenerate) = 0;

  /// The same key alone. Liveness probes call this: it must answer at once, also when there is no key.
  virtual Result<PublicKey> public_ssh_key(const Context& ctx, bool regenerate) = 0;

  /// Where the daemon stands. Answers from what is known, without waiting for git or the cluster.
  virtual Result<DaemonStatus> status(const Context& ctx) = 0;

  /// What a sync of `ref` would do; empty: of the branch's newest commit. Changes nothing.
  virtual Result<SyncDiff> diff(const Context& ctx, const std::string& ref) = 0;

  /// Which image each container of a workload should run, and why no other; `all_tags`: also what is no image. Missing
  /// when the cluster has no such workload.
  virtual Result<Explanation> explain(const Context& ctx, const ResourceId& id, bool all_tags) = 0;

  /// Whether this process does anything at all; an error means that a restart may help. For `/livez`.
  virtual Result<void> alive() = 0;

  /// Whether commits arrive; an error says what keeps them. For `/healthz`.
  virtual Result<void> healthy() = 0;

  /// Whether it has everything it needs to sync: git and cluster reached. For `/readyz`. These three answer within a
  /// second, whatever hangs.
  virtual Result<void> ready() = 0;

  /// The metrics of this process in Prometheus' text format 0.0.4.
  virtual std::string metrics_text() = 0;
};

}  // namespace flux::api
