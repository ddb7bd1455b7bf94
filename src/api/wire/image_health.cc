#include "api/wire/image_health.h"

#include "api/wire/moment.h"
#include "model/json_reader.h"

namespace flux::api {
namespace {

Json write_failing_tag(const FailingTag& tag) { return {{"tag", tag.tag}, {"error", tag.error}}; }

Result<FailingTag> read_failing_tag(const Json& json) {
  ObjectReader in(json);
  FailingTag tag{in.text("tag"), in.text("error")};
  return in.done(std::move(tag));
}

}  // namespace

Json to_json(const ImageHealth& health) {
  return {{"image", health.image},
          {"credentials", health.credentials},
          {"tags", health.tags},
          {"lastSuccess", moment_to_json(health.last_success)},
          {"nextRefresh", moment_to_json(health.next_refresh)},
          {"error", health.error},
          {"help", health.help},
          {"failingSince", moment_to_json(health.failing_since)},
          {"failingTagCount", health.failing_tag_count},
          {"failingTags", list_to_json(health.failing_tags, write_failing_tag)}};
}

Result<ImageHealth> image_health_from_json(const Json& json) {
  ObjectReader in(json);
  ImageHealth health{in.text("image"),
                     in.text("credentials"),
                     in.integer("tags"),
                     in.value("lastSuccess", moment_from_json),
                     in.value("nextRefresh", moment_from_json),
                     in.text("error"),
                     in.text("help"),
                     in.value("failingSince", moment_from_json),
                     in.integer("failingTagCount"),
                     in.list("failingTags", read_failing_tag)};
  return in.done(std::move(health));
}

}  // namespace flux::api
