#include "model/container_update.h"

#include "model/json_reader.h"

namespace flux {

Json to_json(const ContainerUpdate& update) {
  Json json{{"Container", update.container}};
  if (!update.current.empty()) json["Current"] = to_json(update.current);
  json["Target"] = to_json(update.target);
  return json;
}

Result<ContainerUpdate> container_update_from_json(const Json& json) {
  ObjectReader in(json);
  ContainerUpdate update{in.text("Container"), in.value("Current", image_ref_or_none),
                         in.value("Target", image_ref_from_json)};
  return in.done(std::move(update));
}

}  // namespace flux
