#include "api/wire/container.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/json_reader.h"

namespace flux::api {
namespace {

struct Field {
  std::string_view name;
  void (*clear)(Container&);
};

constexpr std::array<Field, 9> kFields{{
    {"Name", [](Container& c) { c.name.clear(); }},
    {"Current", [](Container& c) { c.current = {}; }},
    {"LatestFiltered", [](Container& c) { c.latest_filtered = {}; }},
    {"Available", [](Container& c) { c.available.clear(); }},
    {"AvailableError", [](Container& c) { c.available_error.clear(); }},
    {"AvailableImagesCount", [](Container& c) { c.available_count = 0; }},
    {"NewAvailableImagesCount", [](Container& c) { c.new_available_count = 0; }},
    {"FilteredImagesCount", [](Container& c) { c.filtered_count = 0; }},
    {"NewFilteredImagesCount", [](Container& c) { c.new_filtered_count = 0; }},
}};

void add_count(Json& object, const char* key, std::int64_t count) {
  if (count != 0) object[key] = count;
}

}  // namespace

Json to_json(const Container& container) {
  Json json = Json::object();
  if (!container.name.empty()) json["Name"] = container.name;
  json["Current"] = to_json(container.current);
  json["LatestFiltered"] = to_json(container.latest_filtered);
  if (!container.available.empty())
    json["Available"] = list_to_json(container.available, [](const ImageInfo& info) { return to_json(info); });
  if (!container.available_error.empty()) json["AvailableError"] = container.available_error;
  add_count(json, "AvailableImagesCount", container.available_count);
  add_count(json, "NewAvailableImagesCount", container.new_available_count);
  add_count(json, "FilteredImagesCount", container.filtered_count);
  add_count(json, "NewFilteredImagesCount", container.new_filtered_count);
  if (!container.excluded.empty()) {
    auto& members = (json["Excluded"] = Json::object()).get_ref<Json::object_t&>();
    for (const auto& [tag, reason] : container.excluded) members.emplace_back(tag, reason);
  }
  return json;
}

Result<Container> container_from_json(const Json& json) {
  ObjectReader in(json);
  Container container{in.text("Name"),
                      in.value("Current", image_info_from_json),
                      in.value("LatestFiltered", image_info_from_json),
                      in.list("Available", image_info_from_json),
                      in.text("AvailableError"),
                      in.integer("AvailableImagesCount"),
                      in.integer("NewAvailableImagesCount"),
                      in.integer("FilteredImagesCount"),
                      in.integer("NewFilteredImagesCount"),
                      in.text_map("Excluded")};
  return in.done(std::move(container));
}

Result<void> keep_fields(Container& container, const std::vector<std::string>& fields) {
  for (const auto& field : fields)
    if (std::ranges::find(kFields, field, &Field::name) == kFields.end())
      return fail(ErrorKind::user, fmt::format("{} is an invalid field", field),
                  "These exist, in this very case: Name, Current, LatestFiltered, Available, AvailableError, "
                  "AvailableImagesCount, NewAvailableImagesCount, FilteredImagesCount, NewFilteredImagesCount.");
  if (fields.empty()) return {};
  for (const auto& field : kFields)
    if (std::ranges::find(fields, field.name) == fields.end()) field.clear(container);
  return {};
}

}  // namespace flux::api
