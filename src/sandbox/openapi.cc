#include "sandbox/openapi.h"

#include "base/json.h"

namespace flux::sandbox {

namespace {

constexpr auto title = "Kubernetes (flux-sandbox)";
constexpr auto shown_version = "v1.36.0-sandbox";

/// A length-delimited field of a protobuf message.
std::string field(int number, const std::string& payload) {
  std::string out;
  const auto varint = [&](std::size_t value) {
    for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
  };
  varint(static_cast<std::size_t>(number) << 3 | 2);
  varint(payload.size());
  return out + payload;
}

/// `patch` of a kind, which takes `dryRun`: the numbers are those of gnostic's OpenAPIv2.proto.
std::string patch_operation(const Kind& kind) {
  const auto dry_run = field(2, "query") + field(4, "dryRun") + field(6, "string");
  const auto parameter = field(1, field(2, field(3, dry_run)));
  const auto gvk = dump_json(Json{{"group", kind.group}, {"version", kind.version}, {"kind", kind.kind}});
  const auto extension = field(1, "x-kubernetes-group-version-kind") + field(2, field(2, gvk));
  return field(8, parameter) + field(13, extension);
}

std::string page_of(const Kind& kind) { return (kind.group.empty() ? "api/" : "apis/") + kind.api_version(); }

std::string path_of(const Kind& kind) {
  return "/" + page_of(kind) + (kind.namespaced ? "/namespaces/{namespace}/" : "/") + kind.plural + "/{name}";
}

/// OpenAPI v2 without definitions: old clients insist on the document, and skip the check of kinds it does not have.
Document version_two(const std::vector<KindPtr>& kinds, const std::string& accept) {
  if (accept.find("protobuf") == std::string::npos) {
    const Json info = {{"title", title}, {"version", shown_version}};
    const Json body = {{"swagger", "2.0"}, {"info", info}, {"paths", Json::object()}, {"definitions", Json::object()}};
    return {"application/json", dump_json(body)};
  }
  std::string paths;
  for (const auto& kind : kinds) {
    paths += field(2, field(1, path_of(*kind)) + field(2, field(8, patch_operation(*kind))));
  }
  return {"application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
          field(1, "2.0") + field(2, field(1, title) + field(2, shown_version)) + field(8, paths) + field(9, "")};
}

Json parameter(const char* name) {
  return {{"name", name}, {"in", "query"}, {"schema", {{"type", "string"}, {"uniqueItems", true}}}};
}

Json path_entry(const Kind& kind) {
  const Json parameters = {parameter("dryRun"), parameter("fieldManager"), parameter("fieldValidation"),
                           parameter("force")};
  const Json gvk = {{"group", kind.group}, {"version", kind.version}, {"kind", kind.kind}};
  const Json operation = {
      {"parameters", parameters}, {"x-kubernetes-group-version-kind", gvk}, {"responses", Json::object()}};
  return {{"patch", operation}, {"put", operation}};
}

Json page(const std::vector<KindPtr>& kinds, const std::string& name) {
  auto paths = Json::object();
  for (const auto& kind : kinds) {
    if (page_of(*kind) != name) continue;
    paths[path_of(*kind)] = path_entry(*kind);
  }
  if (paths.empty()) return nullptr;
  return {{"openapi", "3.0.0"},
          {"info", {{"title", title}, {"version", shown_version}}},
          {"paths", paths},
          {"components", {{"schemas", Json::object()}}}};
}

}  // namespace

std::optional<Document> openapi(const Kinds& kinds, const std::string& path, const std::string& accept) {
  const std::string prefix = "/openapi/v3/";
  if (path != "/openapi/v2" && path != "/openapi/v3" && !path.starts_with(prefix)) return std::nullopt;
  const auto all = kinds.all();
  if (path == "/openapi/v2") return version_two(all, accept);
  if (path == "/openapi/v3") {
    auto paths = Json::object();
    for (const auto& kind : all) paths[page_of(*kind)] = {{"serverRelativeURL", "/openapi/v3/" + page_of(*kind)}};
    return Document{"application/json", dump_json(Json{{"paths", paths}})};
  }
  const auto found = page(all, path.substr(prefix.size()));
  if (found.is_null()) return std::nullopt;
  return Document{"application/json", dump_json(found)};
}

}  // namespace flux::sandbox
