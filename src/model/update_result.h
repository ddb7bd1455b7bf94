#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/container_update.h"
#include "model/resource_id.h"

/// What became of an update, workload by workload (compat/api.md 5.7).
namespace flux {

enum class WorkloadStatus { unknown, success, failed, skipped, ignored };
/// As JSON and people have it: `success` and so on.
[[nodiscard]] std::string_view to_string(WorkloadStatus status);

struct WorkloadResult {
  WorkloadStatus status = WorkloadStatus::unknown;
  std::string error;  ///< the reason; empty when there is none
  std::vector<ContainerUpdate> containers;
  friend bool operator==(const WorkloadResult&, const WorkloadResult&) = default;
};

using UpdateResult = std::map<ResourceId, WorkloadResult>;

/// Why a workload was left out, verbatim: users and scripts look for these.
namespace reason {
inline constexpr std::string_view kLocked = "locked";
inline constexpr std::string_view kIgnore = "ignore";
inline constexpr std::string_view kNotIncluded = "not included";
inline constexpr std::string_view kExcluded = "excluded";
inline constexpr std::string_view kDifferentImage = "a different image";
inline constexpr std::string_view kNotAccessibleInCluster = "not accessible in cluster";
inline constexpr std::string_view kNotInRepository = "not found in repository";
inline constexpr std::string_view kImageNotFound = "cannot find one or more images";
inline constexpr std::string_view kImageUpToDate = "image(s) up to date";
inline constexpr std::string_view kDoesNotUseImage = "does not use image(s)";
/// Followed by the names, joined by `, `.
inline constexpr std::string_view kContainerNotFound = "container(s) not found: ";
inline constexpr std::string_view kContainerTagMismatch = "container(s) tag mismatch: ";
}  // namespace reason

/// The ids with that status, in order.
[[nodiscard]] std::vector<ResourceId> ids_with_status(const UpdateResult& result, WorkloadStatus status);

/// One failure in full, several by their ids, none as empty text.
[[nodiscard]] std::string error_of(const UpdateResult& result);

[[nodiscard]] Json to_json(const UpdateResult& result);
/// Null is an empty result. A status that is not known here reads as `unknown`.
[[nodiscard]] Result<UpdateResult> update_result_from_json(const Json& json);

}  // namespace flux
