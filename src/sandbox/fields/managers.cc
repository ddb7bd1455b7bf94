#include "sandbox/fields/managers.h"

#include <algorithm>
#include <tuple>

namespace flux::sandbox {

namespace {

std::string text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

bool Manager::is(const Writer& writer, std::string_view with_operation) const {
  // An applier stays the same when it moves on to another version of the API.
  const bool same_version = operation == "Apply" || api_version == writer.api_version;
  return name == writer.manager && operation == with_operation && same_version && subresource == writer.subresource;
}

Managers Managers::read(const Json& managed_fields) {
  Managers out;
  if (!managed_fields.is_array()) return out;
  for (const auto& entry : managed_fields) {
    if (!entry.is_object() || !entry.contains("fieldsV1")) continue;
    out.entries.push_back({text(entry, "manager"), text(entry, "operation"), text(entry, "apiVersion"),
                           text(entry, "subresource"), text(entry, "time"), from_fields_v1(entry["fieldsV1"])});
  }
  return out;
}

Json Managers::to_json() const {
  auto sorted = entries;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Manager& a, const Manager& b) {
    return std::tie(a.operation, a.time, a.name, a.api_version, a.subresource) <
           std::tie(b.operation, b.time, b.name, b.api_version, b.subresource);
  });
  auto out = Json::array();
  for (const auto& entry : sorted) {
    Json json = {{"manager", entry.name},
                 {"operation", entry.operation},
                 {"apiVersion", entry.api_version},
                 {"fieldsType", "FieldsV1"},
                 {"fieldsV1", to_fields_v1(entry.fields)}};
    if (!entry.subresource.empty()) json["subresource"] = entry.subresource;
    if (!entry.time.empty()) json["time"] = entry.time;
    out.push_back(std::move(json));
  }
  return out;
}

Manager& Managers::of(const Writer& writer, const std::string& operation) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](auto& entry) { return entry.is(writer, operation); });
  if (found != entries.end()) {
    found->api_version = writer.api_version;
    return *found;
  }
  entries.push_back({writer.manager, operation, writer.api_version, writer.subresource, "", {}});
  return entries.back();
}

FieldSet Managers::all_fields() const {
  FieldSet out;
  for (const auto& entry : entries) out = united(out, entry.fields);
  return out;
}

void Managers::drop_empty() {
  std::erase_if(entries, [](const Manager& entry) { return entry.fields.empty(); });
}

}  // namespace flux::sandbox
