#include "api/wire/controller_status.h"

#include <algorithm>
#include <limits>

#include "model/json_reader.h"

namespace flux::api {
namespace {

Json text_map_to_json(const std::map<std::string, std::string>& map) {
  Json json = Json::object();
  auto& members = json.get_ref<Json::object_t&>();
  for (const auto& [key, value] : map) members.emplace_back(key, value);
  return json;
}

Json write(const RolloutStatus& rollout) {
  return {{"Desired", rollout.desired},
          {"Updated", rollout.updated},
          {"Ready", rollout.ready},
          {"Available", rollout.available},
          {"Outdated", rollout.outdated},
          {"Messages", list_or_null(rollout.messages, [](const std::string& text) { return Json(text); })}};
}

Json write(const ControllerStatus& status) {
  return {{"ID", status.id.to_string()},
          {"Containers", list_to_json(status.containers, [](const Container& c) { return to_json(c); })},
          {"ReadOnly", status.read_only},
          {"Status", status.status},
          {"Rollout", write(status.rollout)},
          {"SyncError", status.sync_error},
          {"Antecedent", status.antecedent.to_string()},
          {"Labels", status.labels ? text_map_to_json(*status.labels) : Json(nullptr)},
          {"Automated", status.automated()},
          {"Locked", status.locked()},
          {"Ignore", status.ignored()},
          {"Policies", text_map_to_json(status.policies)}};
}

std::int32_t count(ObjectReader& in, std::string_view key) {
  using Limits = std::numeric_limits<std::int32_t>;
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(in.integer(key), Limits::min(), Limits::max()));
}

Result<RolloutStatus> read_rollout(const Json& json) {
  ObjectReader in(json);
  RolloutStatus rollout{count(in, "Desired"),   count(in, "Updated"),  count(in, "Ready"),
                        count(in, "Available"), count(in, "Outdated"), in.texts("Messages")};
  return in.done(std::move(rollout));
}

Result<ControllerStatus> read_status(const Json& json) {
  ObjectReader in(json);
  ControllerStatus status{in.value("ID", id_from_json)};
  status.containers = in.list("Containers", container_from_json);
  status.read_only = in.text("ReadOnly");
  status.status = in.text("Status");
  status.rollout = in.value("Rollout", read_rollout);
  status.sync_error = in.text("SyncError");
  status.antecedent = in.value("Antecedent", id_from_json);
  if (in.find("Labels") != nullptr) status.labels = in.text_map("Labels");
  status.policies = in.text_map("Policies");
  return in.done(std::move(status));
}

}  // namespace

bool ControllerStatus::policy_set(std::string_view name) const {
  const auto found = policies.find(std::string(name));
  return found != policies.end() && found->second == "true";
}

Json to_json(const std::vector<ControllerStatus>& list) {
  return list_or_null(list, [](const ControllerStatus& status) { return write(status); });
}

Result<std::vector<ControllerStatus>> controller_statuses_from_json(const Json& json) {
  return list_from_json(json, read_status);
}

}  // namespace flux::api
