#include "api/wire/image_status.h"

#include "model/json_reader.h"

namespace flux::api {
namespace {

Json write_image_status(const ImageStatus& status) {
  return {{"ID", status.id.to_string()},
          {"Containers", list_or_null(status.containers, [](const Container& c) { return to_json(c); })}};
}

Result<ImageStatus> read_image_status(const Json& json) {
  ObjectReader in(json);
  ImageStatus status{in.value("ID", id_from_json), in.list("Containers", container_from_json)};
  return in.done(std::move(status));
}

}  // namespace

Json to_json(const std::vector<ImageStatus>& list) { return list_or_null(list, write_image_status); }

Result<std::vector<ImageStatus>> image_statuses_from_json(const Json& json) {
  return list_from_json(json, read_image_status);
}

}  // namespace flux::api
