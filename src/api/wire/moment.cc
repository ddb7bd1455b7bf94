#include "api/wire/moment.h"

#include "model/json_reader.h"

namespace flux::api {

Json moment_to_json(const std::optional<Timestamp>& time) {
  return time ? Json(format_timestamp(*time)) : Json(nullptr);
}

Result<std::optional<Timestamp>> moment_from_json(const Json& json) {
  const auto text = text_from_json(json);
  if (!text) return Failure(text.error());
  const auto time = parse_timestamp(*text);
  if (!time) return fail(ErrorKind::user, "it is not a time in RFC 3339");
  return time;
}

}  // namespace flux::api
