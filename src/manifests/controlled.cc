#include "manifests/controlled.h"

#include "base/json.h"

namespace flux::manifests {

std::string without_controlled(std::string rest, const ApiType& type) {
  if (type.kind != "ClusterRole" || type.group() != "rbac.authorization.k8s.io") return rest;
  if (rest.find("\"aggregationRule\"") == std::string::npos) return rest;
  auto object = parse_json(rest).value_or(nullptr);
  if (!object.is_object() || !object.value("aggregationRule", Json()).is_object()) return rest;
  return object.erase("rules") > 0 ? dump_json(object) : rest;
}

}  // namespace flux::manifests
