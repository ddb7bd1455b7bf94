#include "sandbox/status.h"

namespace flux::sandbox {

namespace {

Json details_of(const Kind& kind, const std::string& name) {
  Json details = {{"kind", kind.plural}};
  if (!name.empty()) details["name"] = name;
  if (!kind.group.empty()) details["group"] = kind.group;
  return details;
}

std::string quoted_title(const Kind& kind, const std::string& name) { return qualified(kind) + " \"" + name + "\""; }

}  // namespace

Json Status::to_json() const {
  Json out = {{"kind", "Status"},    {"apiVersion", "v1"}, {"metadata", Json::object()},
              {"status", "Failure"}, {"code", code},       {"message", message}};
  if (!reason.empty()) out["reason"] = reason;
  if (!details.is_null()) out["details"] = details;
  return out;
}

Refusal refuse(int code, std::string reason, std::string message) {
  return Refusal(Status{code, std::move(reason), std::move(message)});
}

Refusal refuse_missing(const Kind& kind, const std::string& name) {
  return Refusal(Status{404, "NotFound", quoted_title(kind, name) + " not found", details_of(kind, name)});
}

Refusal refuse_existing(const Kind& kind, const std::string& name) {
  return Refusal(Status{409, "AlreadyExists", quoted_title(kind, name) + " already exists", details_of(kind, name)});
}

Refusal refuse_conflict(const Kind& kind, const std::string& name, const std::string& why) {
  return Refusal(Status{409, "Conflict", "Operation cannot be fulfilled on " + quoted_title(kind, name) + ": " + why,
                        details_of(kind, name)});
}

Refusal refuse_stale(const Kind& kind, const std::string& name) {
  return refuse_conflict(kind, name,
                         "the object has been modified; please apply your changes to the latest version and try again");
}

Refusal refuse_precondition(const Kind& kind, const std::string& name, const std::string& why) {
  auto details = details_of(kind, name);
  details["kind"] = kind.kind;
  const auto type = kind.kind + (kind.group.empty() ? "" : "." + kind.group);
  return Refusal(Status{409, "Conflict", "Operation cannot be fulfilled on " + type + " \"" + name + "\": " + why,
                        std::move(details)});
}

Refusal refuse_invalid(const Kind& kind, const std::string& name, const std::string& field, const std::string& why) {
  auto details = details_of(kind, name);
  details["kind"] = kind.kind;
  details["causes"] = Json::array({{{"reason", "FieldValueInvalid"}, {"field", field}, {"message", why}}});
  const auto type = kind.kind + (kind.group.empty() ? "" : "." + kind.group);
  return Refusal(
      Status{422, "Invalid", type + " \"" + name + "\" is invalid: " + field + ": " + why, std::move(details)});
}

Refusal refuse_request(std::string message) { return refuse(400, "BadRequest", std::move(message)); }

std::string qualified(const Kind& kind) { return kind.group.empty() ? kind.plural : kind.plural + "." + kind.group; }

}  // namespace flux::sandbox
