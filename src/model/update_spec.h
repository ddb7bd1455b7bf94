#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/container_update.h"
#include "model/policy_update.h"
#include "model/resource_id.h"

/// What somebody, or the daemon itself, wants changed in git (compat/api.md 5.5).
namespace flux {

inline constexpr std::string_view kAllWorkloads = "<all>";
inline constexpr std::string_view kLatestImages = "<all latest>";
inline constexpr std::string_view kPlanRelease = "plan";
inline constexpr std::string_view kExecuteRelease = "execute";

/// Who asks, and why.
struct UpdateCause {
  std::string message;
  std::string user;
  friend bool operator==(const UpdateCause&, const UpdateCause&) = default;
};

/// One image, or the newest of each, into some workloads. Texts are as sent: one that does not parse fails the job, not
/// the request (compat/api.md 6.4).
struct ReleaseImageSpec {
  std::vector<std::string> workloads;  ///< `ServiceSpecs`: ids or kAllWorkloads; empty: all
  std::string image;                   ///< `ImageSpec`: a ref with tag, or kLatestImages
  std::string kind;                    ///< kPlanRelease or kExecuteRelease; others are computed, never committed
  std::vector<ResourceId> excludes;
  bool force = false;
  friend bool operator==(const ReleaseImageSpec&, const ReleaseImageSpec&) = default;
};

/// Named images into named containers.
struct ReleaseContainersSpec {
  std::string kind;
  std::map<ResourceId, std::vector<ContainerUpdate>> containers;
  bool skip_mismatches = false;
  bool force = false;
  friend bool operator==(const ReleaseContainersSpec&, const ReleaseContainersSpec&) = default;
};

/// Fetch and sync now; changes nothing in git.
struct SyncSpec {
  friend bool operator==(const SyncSpec&, const SyncSpec&) = default;
};

/// Made by the daemon's own automation, refused from clients.
struct AutomatedSpec {
  struct Change {
    ResourceId workload;
    std::string container;
    ImageRef current;
    ImageRef target;
    friend bool operator==(const Change&, const Change&) = default;
  };
  std::vector<Change> changes;
  friend bool operator==(const AutomatedSpec&, const AutomatedSpec&) = default;
};

struct UpdateSpec {
  using Detail = std::variant<SyncSpec, ReleaseImageSpec, ReleaseContainersSpec, PolicyUpdates, AutomatedSpec>;

  UpdateCause cause;
  Detail detail;

  /// `sync`, `image`, `containers`, `policy` or `auto`.
  [[nodiscard]] std::string_view type() const;
  /// A release that only says what it would do.
  [[nodiscard]] bool is_plan() const;
  friend bool operator==(const UpdateSpec&, const UpdateSpec&) = default;
};

[[nodiscard]] Json to_json(const UpdateSpec& spec);
/// User error for an unknown type, a missing `spec` and everything of the wrong shape. `"spec":null` is that type's
/// zero value.
[[nodiscard]] Result<UpdateSpec> update_spec_from_json(const Json& json);

}  // namespace flux
