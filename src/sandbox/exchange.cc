#include "sandbox/exchange.h"

#include "base/json.h"
#include "sandbox/protobuf.h"
#include "yaml/json.h"
#include "yaml/reader.h"

namespace flux::sandbox {

http::ServerResponse json_response(int status, std::string body) {
  http::ServerResponse out;
  out.status = status;
  out.headers.add("Content-Type", "application/json");
  out.body = std::move(body);
  return out;
}

http::ServerResponse refused(const Status& status) { return json_response(status.code, dump_json(status.to_json())); }

http::ServerResponse no_such_path() {
  return refused({404, "NotFound", "the server could not find the requested resource", Json::object()});
}

http::ServerResponse method_not_allowed() {
  return refused(
      {405, "MethodNotAllowed", "the server does not allow this method on the requested resource", Json::object()});
}

View view_of(const http::ServerRequest& request) {
  return View::choose(request.headers.get("Accept").value_or(""), query(request, "includeObject"));
}

http::ServerResponse shown(const http::ServerRequest& request, const Kind& kind, const Written& written) {
  auto out = json_response(written.created ? 201 : 200, view_of(request).object(kind, written.object->body));
  for (const auto& warning : written.warnings) {
    std::string quoted;
    for (const char c : warning) quoted += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
    out.headers.add("Warning", "299 - \"" + quoted + "\"");
  }
  return out;
}

std::string content_type(const http::ServerRequest& request) {
  const auto value = request.headers.get("Content-Type").value_or("application/json");
  return value.substr(0, value.find_first_of("; "));
}

namespace {

/// The type of a message: that of the kind, or one of the few that are no kinds.
const Type* type_of(const Envelope& envelope) {
  for (const auto& kind : builtin_kinds()) {
    if (kind->kind == envelope.kind && kind->api_version() == envelope.api_version) return kind->type;
  }
  return builtin_types().find(envelope.kind);
}

Answer<Json> read_protobuf(std::string_view body) {
  const auto envelope = open_envelope(body);
  if (!envelope) return refuse_request("the request body is not valid protobuf");
  // A review says what it asks; the answer does not depend on it.
  Json out = Json::object();
  if (const auto* type = type_of(*envelope)) {
    auto read = from_protobuf(envelope->message, *type);
    if (!read) return refuse_request("the request body is not a valid protobuf " + envelope->kind);
    out = std::move(*read);
  }
  out["apiVersion"] = envelope->api_version;
  out["kind"] = envelope->kind;
  return out;
}

}  // namespace

Answer<Json> body_of(const http::ServerRequest& request) {
  if (is_protobuf(request.body)) return read_protobuf(request.body);
  if (auto parsed = parse_sorted_json(request.body)) return *std::move(parsed);
  if (content_type(request).find("yaml") == std::string::npos)
    return refuse_request("the request body is not valid JSON");
  const auto documents = yaml::read_all(request.body);
  if (!documents) return refuse_request("error decoding YAML: " + documents.error().message);
  if (documents->size() != 1) return refuse_request("error decoding YAML: expected one document");
  const auto json = yaml::to_json(documents->front().root());
  if (!json) return refuse_request("error decoding YAML: " + json.error().message);
  return parse_sorted_json(*json).value_or(nullptr);
}

std::string query(const http::ServerRequest& request, std::string_view name) {
  return request.query_value(name).value_or("");
}

Answer<WriteOptions> write_options(const http::ServerRequest& request) {
  WriteOptions out;
  out.manager = query(request, "fieldManager");
  if (out.manager.empty() && content_type(request) != "application/apply-patch+yaml") {
    const auto agent = request.headers.get("User-Agent").value_or("unknown");
    out.manager = agent.substr(0, agent.find('/'));
  }
  out.force = query(request, "force") == "true";
  const auto dry_run = query(request, "dryRun");
  if (!dry_run.empty() && dry_run != "All") return refuse_request("invalid dryRun value: " + dry_run);
  out.dry_run = !dry_run.empty();
  const auto validation = query(request, "fieldValidation");
  if (validation == "Strict") out.unknown = WriteOptions::Unknown::refuse;
  if (validation == "Ignore") out.unknown = WriteOptions::Unknown::ignore;
  return out;
}

Answer<DeleteOptions> delete_options(const http::ServerRequest& request) {
  DeleteOptions out;
  Json sent = Json::object();
  if (!request.body.empty()) {
    auto body = body_of(request);
    if (!body) return Refusal(body.error());
    if (body->is_object()) sent = std::move(*body);
  }
  const auto text = [](const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (const auto conditions = sent.find("preconditions"); conditions != sent.end() && conditions->is_object()) {
    out.uid = text(*conditions, "uid");
    out.resource_version = text(*conditions, "resourceVersion");
  }
  out.propagation = text(sent, "propagationPolicy");
  if (out.propagation.empty()) out.propagation = query(request, "propagationPolicy");
  if (sent.value("orphanDependents", Json()) == true) out.propagation = "Orphan";
  out.dry_run = query(request, "dryRun") == "All" || sent.value("dryRun", Json()) == Json::array({"All"});
  return out;
}

Answer<Selector> selector_of(const Target& target, const http::ServerRequest& request) {
  auto fields = query(request, "fieldSelector");
  if (!target.name.empty()) fields += (fields.empty() ? "" : ",") + std::string("metadata.name=") + target.name;
  return Selector::parse(query(request, "labelSelector"), fields);
}

}  // namespace flux::sandbox
