#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/manifest.h"

namespace flux::cluster {

/// One type of object that the API server serves.
struct Resource {
  ApiType type;
  std::string plural;
  bool namespaced = false;
  bool can_list = false;
  bool can_watch = false;
  bool can_patch = false;
  bool can_delete = false;

  [[nodiscard]] std::string group_resource() const;  ///< `deployments.apps`, `configmaps`: the same in every version
  /// `/apis/apps/v1/namespaces/shop/deployments`; without `ns`, or for cluster-scoped types, across the cluster.
  [[nodiscard]] std::string path(std::string_view ns) const;
  [[nodiscard]] std::string path(std::string_view ns, std::string_view name) const;
  friend bool operator==(const Resource&, const Resource&) = default;
};

/// What the API server serves, as discovery found it at one moment. Read-only once made; share it freely. What its
/// functions point to lives as long as it does.
class Catalog {
 public:
  /// `resources` of one group in order of preference, preferred version first. `failures` name group-versions whose
  /// types could not be read, each with its reason. Types that `excluded` globs match are kept for find() but not
  /// listed; the globs see `<groupVersion>/` and `<groupVersion>/<Kind>` (compat/daemon.md 5.2).
  Catalog(std::vector<Resource> resources, std::vector<std::string> failures, const std::vector<std::string>& excluded);

  /// Any served version; nullptr when not served (or not known to be: see failures()).
  [[nodiscard]] const Resource* find(const ApiType& type) const;
  [[nodiscard]] const Resource* find(std::string_view api_version, std::string_view kind) const;

  /// Everything to look through for managed objects: each type once, in its preferred version, without excluded
  /// types, Endpoints, ComponentStatus and the second face of events.
  [[nodiscard]] const std::vector<Resource>& listable() const { return listable_; }
  /// The entry of listable() that shows the same objects as `type`; nullptr when they are not listed.
  [[nodiscard]] const Resource* listed_as(const ApiType& type) const;
  /// The preferred version of a kind, by group (`apps`, `` for core): which CronJob to use.
  [[nodiscard]] const Resource* preferred(std::string_view group, std::string_view kind) const;

  /// False when some group-version's types are unknown, excluded ones aside.
  [[nodiscard]] bool complete() const { return failures_.empty(); }
  [[nodiscard]] const std::vector<std::string>& failures() const { return failures_; }
  [[nodiscard]] const std::vector<Resource>& all() const { return resources_; }

  /// Whether both say the same.
  friend bool operator==(const Catalog& a, const Catalog& b) {
    return a.resources_ == b.resources_ && a.failures_ == b.failures_ && a.listable_ == b.listable_;
  }

 private:
  std::vector<Resource> resources_;
  std::vector<Resource> listable_;
  std::vector<std::string> failures_;
  std::map<ApiType, std::size_t> by_type_;
};

}  // namespace flux::cluster
