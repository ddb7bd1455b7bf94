#include "model/image_info.h"

#include "model/json_reader.h"

namespace flux {
namespace {

constexpr const char* kBuildDate = "org.label-schema.build-date";
constexpr const char* kImageCreated = "org.opencontainers.image.created";

void add_time(Json& object, const char* key, const std::optional<Timestamp>& time) {
  if (time) object[key] = format_timestamp(*time);
}

void add_text(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

Result<ImageRef> lenient_ref(const Json& json) {
  const auto text = text_from_json(json);
  if (!text) return Failure(text.error());
  if (text->starts_with(':')) return ImageRef{{}, {}, text->substr(1), {}};
  return ImageRef::parse(*text).value_or(ImageRef());
}

Result<std::optional<Timestamp>> lenient_time(const Json& json) {
  return json.is_string() ? parse_timestamp(json.get_ref<const std::string&>()) : std::nullopt;
}

struct Labels {
  std::optional<Timestamp> build_date;
  std::optional<Timestamp> created;
};

Result<Labels> labels_from_json(const Json& json) {
  ObjectReader in(json);
  Labels labels{in.value(kBuildDate, lenient_time), in.value(kImageCreated, lenient_time)};
  return in.done(labels);
}

}  // namespace

Json to_json(const ImageInfo& info) {
  Json labels = Json::object();
  add_time(labels, kBuildDate, info.build_date);
  add_time(labels, kImageCreated, info.image_created);
  Json json = Json::object();
  json["ID"] = to_json(info.id);
  add_text(json, "Digest", info.digest);
  add_text(json, "ImageID", info.image_id);
  json["Labels"] = std::move(labels);
  add_time(json, "CreatedAt", info.created_at);
  add_time(json, "LastFetched", info.last_fetched);
  return json;
}

Result<ImageInfo> image_info_from_json(const Json& json) {
  ObjectReader in(json);
  const auto labels = in.value("Labels", labels_from_json);
  ImageInfo info{in.value("ID", lenient_ref),
                 in.text("Digest"),
                 in.text("ImageID"),
                 labels.build_date,
                 labels.created,
                 in.value("CreatedAt", lenient_time),
                 in.value("LastFetched", lenient_time)};
  return in.done(std::move(info));
}

}  // namespace flux
