#include "sandbox/discovery.h"

namespace flux::sandbox {

namespace {

/// A protobuf field of type bytes whose payload is short.
std::string field(int number, const std::string& payload) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(payload.size())} + payload;
}

/// OpenAPI v2 without definitions: old clients insist on the document, and skip the check of kinds it does not have.
Document version_two(const std::string& accept) {
  const std::string title = "Kubernetes (flux-sandbox)";
  if (accept.find("protobuf") != std::string::npos) {
    const auto info = field(1, title) + field(2, "v1.36.0-sandbox");
    return {"application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
            field(1, "2.0") + field(2, info) + field(8, "") + field(9, "")};
  }
  return {"application/json", Json{{"swagger", "2.0"},
                                   {"info", {{"title", title}, {"version", "v1.36.0-sandbox"}}},
                                   {"paths", Json::object()},
                                   {"definitions", Json::object()}}
                                  .dump()};
}

std::string page_of(const Kind& kind) { return (kind.group.empty() ? "api/" : "apis/") + kind.api_version(); }

Json parameter(const char* name) {
  return {{"name", name}, {"in", "query"}, {"schema", {{"type", "string"}, {"uniqueItems", true}}}};
}

Json path_entry(const Kind& kind) {
  const Json parameters = {parameter("dryRun"), parameter("fieldManager"), parameter("fieldValidation"), parameter("force")};
  const Json gvk = {{"group", kind.group}, {"version", kind.version}, {"kind", kind.kind}};
  const Json operation = {{"parameters", parameters}, {"x-kubernetes-group-version-kind", gvk}, {"responses", Json::object()}};
  return {{"patch", operation}, {"put", operation}};
}

Json page(const std::vector<KindPtr>& kinds, const std::string& name) {
  auto paths = Json::object();
  for (const auto& kind : kinds) {
    if (page_of(*kind) != name) continue;
    paths["/" + name + (kind->namespaced ? "/namespaces/{namespace}/" : "/") + kind->plural + "/{name}"] = path_entry(*kind);
  }
  if (paths.empty()) return nullptr;
  return {{"openapi", "3.0.0"},
          {"info", {{"title", "Kubernetes (flux-sandbox)"}, {"version", "v1.36.0-sandbox"}}},
          {"paths", paths},
          {"components", {{"schemas", Json::object()}}}};
}

}  // namespace

std::optional<Document> openapi(const Kinds& kinds, const std::string& path, const std::string& accept) {
  if (path == "/openapi/v2") return version_two(accept);
  const auto all = kinds.all();
  if (path == "/openapi/v3") {
    auto paths = Json::object();
    for (const auto& kind : all) paths[page_of(*kind)] = {{"serverRelativeURL", "/openapi/v3/" + page_of(*kind)}};
    return Document{"application/json", Json{{"paths", paths}}.dump()};
  }
  const std::string prefix = "/openapi/v3/";
  if (!path.starts_with(prefix)) return std::nullopt;
  const auto found = page(all, path.substr(prefix.size()));
  if (found.is_null()) return std::nullopt;
  return Document{"application/json", found.dump()};
}

}  // namespace flux::sandbox
