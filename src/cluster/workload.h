#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cluster/object.h"
#include "model/manifest.h"
#include "model/resource_id.h"

namespace flux::cluster {

/// The name and the image of one container, as written in a pod template.
struct PodContainer {
  std::string name;
  std::string image;
  friend bool operator==(const PodContainer&, const PodContainer&) = default;
};

/// One entry of `status.conditions`.
struct Condition {
  std::string type;
  std::string status;  ///< `True`, `False` or `Unknown`
  std::string message;
};

/// The counters of `spec` and `status` that say how far a rollout is. What a kind does not have stays as it is here.
struct RolloutCounts {
  std::int64_t generation = 0;  ///< of the metadata
  std::int64_t observed_generation = 0;
  std::optional<std::int64_t> wanted_replicas;  ///< `spec.replicas`
  std::int64_t partition = 0;                   ///< `spec.updateStrategy.rollingUpdate.partition`
  std::int64_t replicas = 0;                    ///< of the status, as all below
  std::int64_t updated_replicas = 0;
  std::int64_t ready_replicas = 0;
  std::int64_t available_replicas = 0;
  std::int64_t current_replicas = 0;
  std::string current_revision;
  std::string update_revision;
  std::int64_t desired_scheduled = 0;
  std::int64_t current_scheduled = 0;
  std::int64_t updated_scheduled = 0;
  std::int64_t number_ready = 0;
  std::int64_t number_available = 0;
  std::vector<Condition> conditions;
};

/// A workload as the cluster has it: the few fields that a listing tells of (compat/api.md 6.2).
struct LiveWorkload {
  ApiType type;
  ResourceId id;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;  ///< those of Flux and its Helm operator only
  std::vector<PodContainer> containers;            ///< the init containers last; none for a HelmRelease
  std::string service_account;                     ///< of its pods; empty: not named
  std::vector<std::string> pull_secrets;           ///< of its pods, `imagePullSecrets`
  RolloutCounts rollout;
  std::string helm_values;     ///< `spec.values` of a HelmRelease, JSON
  std::string release_status;  ///< of a HelmRelease, as its operator writes it

  /// One of the add-ons of kube-system, which are never listed.
  [[nodiscard]] bool is_addon() const;
};

/// Reads one workload's JSON. Server error when it is not an object with a name.
[[nodiscard]] Result<LiveWorkload> decode_workload(std::string_view json, const ApiType& type);

/// Reads one page of a list, workload by workload, without a tree of it in memory.
[[nodiscard]] Result<Page> decode_workload_page(std::string_view json, const ApiType& type,
                                                const std::function<void(LiveWorkload)>& each);

}  // namespace flux::cluster
