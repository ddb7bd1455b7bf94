#include "sandbox/conversion.h"

namespace flux::sandbox {

namespace {

constexpr auto target_field = "targetCPUUtilizationPercentage";

bool is_old_autoscaler(const Kind& kind) { return kind.group == "autoscaling" && kind.version == "v1" && !kind.custom; }

}  // namespace

void to_shared_shape(const Kind& kind, Json& body) {
  if (!is_old_autoscaler(kind) || !body.contains("spec") || !body["spec"].is_object()) return;
  auto& spec = body["spec"];
  const auto target = spec.find(target_field);
  if (target == spec.end()) return;
  const Json value = {{"type", "Utilization"}, {"averageUtilization", *target}};
  spec.erase(target);
  spec["metrics"] = Json::array({{{"type", "Resource"}, {"resource", {{"name", "cpu"}, {"target", value}}}}});
}

void to_own_shape(const Kind& kind, Json& body) {
  if (!is_old_autoscaler(kind) || !body.contains("spec")) return;
  auto& spec = body["spec"];
  for (const auto& metric : spec.value("metrics", Json::array())) {
    const auto resource = metric.value("resource", Json::object());
    if (resource.value("name", "") != "cpu") continue;
    const auto percentage = resource.value(Json::json_pointer("/target/averageUtilization"), Json());
    if (!percentage.is_null()) spec[target_field] = percentage;
  }
  spec.erase("metrics");
}

}  // namespace flux::sandbox
