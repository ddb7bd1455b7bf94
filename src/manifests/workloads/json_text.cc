#include "manifests/workloads/json_text.h"

#include <nlohmann/json.hpp>

namespace flux::manifests {

std::string text_of(const nlohmann::json& scalar) {
  if (const auto* text = scalar.get_ptr<const std::string*>()) return *text;
  return scalar.is_boolean() || scalar.is_number() ? scalar.dump() : std::string();
}

const nlohmann::json& member_of(const nlohmann::json& object, const std::string& key) {
  static const nlohmann::json kNull;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() ? kNull : *found;
}

}  // namespace flux::manifests
