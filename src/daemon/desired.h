#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/context.h"
#include "cluster/discovery.h"
#include "daemon/guarded_files.h"
#include "git/repository.h"
#include "manifests/load.h"
#include "sync/plan.h"

namespace flux::daemon {

/// What git wants at one revision, kept from sync to sync so that only what changed is read again. One thread.
class DesiredState {
 public:
  /// `default_ns` is for namespaced resources whose manifest names none.
  DesiredState(std::vector<std::string> git_paths, std::string default_ns, MissingFeatures missing)
      : git_paths_(std::move(git_paths)), default_ns_(std::move(default_ns)), missing_(missing) {}

  /// Brings desired() to `revision`, with scopes out of `discovery`. On an error everything stays as it was: it is
  /// then `loading resources from repo: ...` for the manifests, and git's or the cluster's own otherwise.
  /// Kinds nobody knows are left out, with a warning until they recover, and protected through unscoped().
  Result<void> load(const Context& ctx, const std::shared_ptr<const git::Repository>& repository,
                    const std::string& revision, cluster::Discovery& discovery);

  [[nodiscard]] const std::string& revision() const { return revision_; }
  [[nodiscard]] const sync::DesiredSet& desired() const { return desired_; }
  /// Each id that a resource of unknown scope could turn out to have.
  [[nodiscard]] const std::set<ResourceId>& unscoped() const { return unscoped_; }

 private:
  using Manifests = std::vector<std::shared_ptr<const Manifest>>;
  Result<void> resolve(const Context& ctx, const Manifests& manifests, std::shared_ptr<const cluster::Catalog> catalog);

  const std::vector<std::string> git_paths_;
  const std::string default_ns_;
  const MissingFeatures missing_;
  manifests::Loader loader_;
  std::string revision_;
  Manifests manifests_;
  std::shared_ptr<const cluster::Catalog> catalog_;  // with which desired_ was resolved
  sync::DesiredSet desired_;
  std::set<ResourceId> unscoped_;
  std::set<std::string> warned_;  // resources whose unknown scope has been told
};

}  // namespace flux::daemon
