#include "api/wire/explanation.h"

#include <utility>

#include "model/json_reader.h"

namespace flux::api {
namespace {

Json time_or_null(const std::optional<Timestamp>& time) { return time ? Json(format_timestamp(*time)) : Json(nullptr); }

Result<std::optional<Timestamp>> time_from_json(const Json& json) {
  return json.is_string() ? parse_timestamp(json.get_ref<const std::string&>()) : std::nullopt;
}

Json write_tag(const ExplainedTag& tag) {
  return {{"tag", tag.tag}, {"created", time_or_null(tag.created)}, {"why", tag.why}, {"reason", tag.reason}};
}

Result<ExplainedTag> read_tag(const Json& json) {
  ObjectReader in(json);
  ExplainedTag tag{in.text("tag"), in.value("created", time_from_json), in.text("why"), in.text("reason")};
  return in.done(std::move(tag));
}

Json write_container(const ExplainedContainer& container) {
  return {{"name", container.name},
          {"image", to_json(container.image)},
          {"filter", container.filter},
          {"outcome", container.outcome},
          {"summary", container.summary},
          {"choice", container.choice},
          {"lastError", container.last_error},
          {"scanned", time_or_null(container.scanned)},
          {"tags", list_to_json(container.tags, write_tag)}};
}

Result<ExplainedContainer> read_container(const Json& json) {
  ObjectReader in(json);
  ExplainedContainer container{in.text("name"),          in.value("image", image_ref_or_none),
                               in.text("filter"),        in.text("outcome"),
                               in.text("summary"),       in.text("choice"),
                               in.text("lastError"),     in.value("scanned", time_from_json),
                               in.list("tags", read_tag)};
  return in.done(std::move(container));
}

}  // namespace

Json to_json(const Explanation& explanation) {
  return {{"id", explanation.id.to_string()},
          {"notes", list_to_json(explanation.notes, [](const std::string& text) { return Json(text); })},
          {"containers", list_to_json(explanation.containers, write_container)}};
}

Result<Explanation> explanation_from_json(const Json& json) {
  ObjectReader in(json);
  Explanation explanation{in.value("id", id_from_json), in.texts("notes"), in.list("containers", read_container)};
  return in.done(std::move(explanation));
}

}  // namespace flux::api
