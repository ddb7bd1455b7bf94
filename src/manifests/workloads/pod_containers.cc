#include "manifests/workloads/pod_containers.h"

#include "base/json.h"
#include "manifests/workloads/json_text.h"

namespace flux::manifests {

std::vector<Container> pod_containers(const SortedJson& pod_spec) {
  std::vector<Container> out;
  for (const auto* const list : {"containers", "initContainers"}) {
    const auto& items = member_of(pod_spec, list);
    if (!items.is_array()) continue;
    for (const auto& item : items) {
      if (!item.is_object()) continue;
      auto text = text_of(member_of(item, "image"));
      auto image = ImageRef::parse(text).value_or(ImageRef());
      out.push_back({text_of(member_of(item, "name")), std::move(text), std::move(image)});
    }
  }
  return out;
}

}  // namespace flux::manifests
