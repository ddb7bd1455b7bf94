#include "manifests/edit/annotations.h"

#include "yaml/json.h"

namespace flux::manifests {

std::map<std::string, std::string> annotations_in(yaml::Node object) {
  std::map<std::string, std::string> out;
  const auto metadata = object.find("metadata");
  const auto annotations = metadata ? metadata->find("annotations") : std::nullopt;
  if (!annotations || !annotations->is_mapping()) return out;
  for (std::size_t i = 0; i < annotations->size(); ++i) {
    const auto entry = annotations->entry(i);
    if (entry.value.is_scalar()) out.insert_or_assign(yaml::scalar_text(entry.key), yaml::scalar_text(entry.value));
  }
  return out;
}

}  // namespace flux::manifests
