#include "model/policy_update.h"

#include "base/json.h"
#include "model/json_reader.h"

namespace flux {
namespace {

Result<Policies> set_from_json(const Json& json) {
  Policies set;
  if (json.is_array()) {
    auto names = list_from_json(json, text_from_json);
    if (!names) return Failure(std::move(names.error()));
    for (auto& name : *names) set.insert_or_assign(std::move(name), "true");
    return set;
  }
  if (!json.is_object()) return wrong_type("it", "an object of strings or a list of names", json);
  for (auto it = json.begin(); it != json.end(); ++it) {
    auto value = text_from_json(*it);
    if (!value) return wrap(std::move(value.error()), it.key());
    set.insert_or_assign(it.key(), *std::move(value));
  }
  return set;
}

Result<PolicyUpdate> update_from_json(const Json& json) {
  ObjectReader in(json);
  PolicyUpdate update{in.value("add", set_from_json), in.value("remove", set_from_json)};
  return in.done(std::move(update));
}

Json set_to_json(const Policies& set) {
  Json json = Json::object();
  for (const auto& [name, value] : set) json[name] = value;
  return json;
}

}  // namespace

Json to_json(const PolicyUpdates& updates) {
  return id_map_to_json(updates, [](const PolicyUpdate& update) {
    return Json{{"add", set_to_json(update.add)}, {"remove", set_to_json(update.remove)}};
  });
}

Result<PolicyUpdates> policy_updates_from_json(const Json& json) { return id_map_from_json(json, update_from_json); }

}  // namespace flux
