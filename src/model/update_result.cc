#include "model/update_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/json_reader.h"

namespace flux {
namespace {

/// In the order of WorkloadStatus.
constexpr std::array<std::string_view, 5> kStatuses{"unknown", "success", "failed", "skipped", "ignored"};

Json write(const WorkloadResult& result) {
  Json json{{"Status", to_string(result.status)}};
  if (!result.error.empty()) json["Error"] = result.error;
  json["PerContainer"] = list_or_null(result.containers, [](const ContainerUpdate& update) { return to_json(update); });
  return json;
}

Result<WorkloadResult> read(const Json& json) {
  ObjectReader in(json);
  const auto status = in.text("Status");
  const auto* found = std::ranges::find(kStatuses, status);
  WorkloadResult result{
      found == kStatuses.end() ? WorkloadStatus::unknown : static_cast<WorkloadStatus>(found - kStatuses.begin()),
      in.text("Error"), in.list("PerContainer", container_update_from_json)};
  return in.done(std::move(result));
}

}  // namespace

std::string_view to_string(WorkloadStatus status) { return kStatuses.at(static_cast<std::size_t>(status)); }

std::vector<ResourceId> ids_with_status(const UpdateResult& result, WorkloadStatus status) {
  std::vector<ResourceId> ids;
  for (const auto& [id, workload] : result)
    if (workload.status == status) ids.push_back(id);
  return ids;
}

std::string error_of(const UpdateResult& result) {
  const auto failed = ids_with_status(result, WorkloadStatus::failed);
  if (failed.empty()) return {};
  if (failed.size() == 1)
    return fmt::format("{} failed: {}", failed.front().to_string(), result.at(failed.front()).error);
  std::vector<std::string> names;
  for (const auto& id : failed) names.push_back(id.to_string());
  return fmt::format("Multiple workloads failed: {}", fmt::join(names, ", "));
}

Json to_json(const UpdateResult& result) { return id_map_to_json(result, write); }

Result<UpdateResult> update_result_from_json(const Json& json) { return id_map_from_json(json, read); }

}  // namespace flux
