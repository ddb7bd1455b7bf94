#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/context.h"
#include "cluster/discovery.h"
#include "daemon/guarded_files.h"
#include "git/repository.h"
#include "manifests/load.h"
#include "manifests/scope.h"
#include "sync/plan.h"

namespace flux::daemon {

/// A resource in git whose kind the cluster does not know, so that nobody can say which namespace it belongs in.
struct UnscopedResource {
  std::string id;  ///< as written
  std::string source;
  std::string reason;
};

/// What git wants at one revision. Immutable: any thread may keep it.
struct DesiredView {
  std::string revision;  ///< empty: nothing was read yet
  std::shared_ptr<const sync::DesiredSet> resources = std::make_shared<const sync::DesiredSet>();
  std::shared_ptr<const std::vector<UnscopedResource>> unscoped =
      std::make_shared<const std::vector<UnscopedResource>>();
  /// Where API groups alone tell two of `resources` apart.
  std::shared_ptr<const Namesakes> namesakes = std::make_shared<const Namesakes>();
  /// Each id that one of `unscoped` could turn out to have.
  std::shared_ptr<const std::set<ResourceId>> unscoped_ids = std::make_shared<const std::set<ResourceId>>();
};

/// What git wants at one revision, kept from sync to sync: what a commit costs depends on what it changes. One thread.
class DesiredState {
 public:
  /// `default_ns` is for namespaced resources whose manifest names none.
  DesiredState(std::vector<std::string> git_paths, std::string default_ns, MissingFeatures missing)
      : git_paths_(std::move(git_paths)), default_ns_(std::move(default_ns)), missing_(missing) {}

  /// Reads the manifests of `revision`, for the next resolve(). Errors: `loading resources from repo: ...`, of kind
  /// user for what the repository says and of kind server when git cannot be read.
  Result<void> read(const Bounded& ctx, const std::shared_ptr<const git::Repository>& repository,
                    const std::string& revision);

  /// Brings desired() to what was read last, with scopes out of `discovery`. On an error everything stays as it was.
  /// Kinds nobody knows are left out, with a warning until they recover, and protected through unscoped().
  Result<void> resolve(const Bounded& ctx, cluster::Discovery& discovery);

  [[nodiscard]] const std::string& revision() const { return view_.revision; }
  [[nodiscard]] const sync::DesiredSet& desired() const { return *view_.resources; }
  /// What the cluster serves, as of the last resolve(); nullptr before that.
  [[nodiscard]] const std::shared_ptr<const cluster::Catalog>& catalog() const { return catalog_; }
  /// Each id that a resource of unknown scope could turn out to have.
  [[nodiscard]] const std::set<ResourceId>& unscoped() const { return *view_.unscoped_ids; }
  /// All of it, to be kept by others: the next resolve() makes a new one.
  [[nodiscard]] const DesiredView& view() const { return view_; }

 private:
  Result<std::optional<manifests::Files>> follow(const Bounded& ctx, const git::Repository& repository,
                                                 GuardedFiles& files, const std::string& revision);
  [[nodiscard]] std::optional<sync::DesiredSet> follow_files(const manifests::ScopeLookup& scopes) const;
  Result<void> resolve_all(const Context& ctx, const manifests::ScopeLookup& scopes);
  void publish(sync::DesiredSet desired);

  const std::vector<std::string> git_paths_;
  const std::string default_ns_;
  const MissingFeatures missing_;
  manifests::Loader loader_;
  std::string read_revision_;
  manifests::Files files_;                           // of read_revision_
  manifests::Files resolved_;                        // what view_ was made of
  std::shared_ptr<const cluster::Catalog> catalog_;  // and with which scopes; nullptr: not yet
  DesiredView view_;
  std::set<std::string> warned_;  // resources whose unknown scope has been told
};

}  // namespace flux::daemon
