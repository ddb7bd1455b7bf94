#include "manifests/workloads/json_text.h"

#include "base/json.h"
namespace flux::manifests {

std::string text_of(const SortedJson& scalar) {
  if (const auto* text = scalar.get_ptr<const std::string*>()) return *text;
  return scalar.is_boolean() || scalar.is_number() ? dump_json(scalar) : std::string();
}

const SortedJson& member_of(const SortedJson& object, const std::string& key) {
  static const SortedJson kNull;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() ? kNull : *found;
}

}  // namespace flux::manifests
