#include "cli/exported.h"

#include <fmt/format.h>

#include <array>

#include "base/json.h"
#include "model/json.h"
#include "yaml/encode.h"
#include "yaml/json.h"
#include "yaml/reader.h"

namespace flux::cli {
namespace {

constexpr std::array<std::string_view, 3> kBookkeeping{"deployment.kubernetes.io/revision",
                                                       "kubectl.kubernetes.io/last-applied-configuration",
                                                       "kubernetes.io/change-cause"};

bool is_empty(const Json& value) { return value.is_null() || (value.is_structured() && value.empty()); }

/// Entries without a value go, and what they leave empty goes too.
void drop_empty(Json& value) {
  if (value.is_array())
    for (auto& item : value) drop_empty(item);
  if (!value.is_object()) return;
  for (auto entry = value.begin(); entry != value.end();) {
    drop_empty(entry.value());
    entry = is_empty(entry.value()) ? value.erase(entry) : std::next(entry);
  }
}

Json metadata_of(const Json& written) {
  Json metadata = Json::object();
  if (!written.is_object()) return metadata;
  for (const auto* key : {"annotations", "labels", "name", "namespace"})
    if (const auto found = written.find(key); found != written.end()) metadata[key] = *found;
  if (const auto annotations = metadata.find("annotations"); annotations != metadata.end() && annotations->is_object())
    for (const auto name : kBookkeeping) annotations->erase(std::string(name));
  drop_empty(metadata);
  return metadata;
}

Json spec_of(Json spec) {
  if (spec.is_object() && spec.contains("template") && spec["template"].is_object() &&
      spec["template"].contains("metadata") && spec["template"]["metadata"].is_object())
    spec["template"]["metadata"].erase("creationTimestamp");
  drop_empty(spec);
  return spec;
}

Json reduced(const Json& object) {
  Json out = Json::object();
  for (const auto* key : {"apiVersion", "kind"}) out[key] = object.value(key, "");
  out["metadata"] = metadata_of(object.value("metadata", Json::object()));
  out["spec"] = spec_of(object.value("spec", Json::object()));
  drop_empty(out);
  return out;
}

bool is_file_name(const std::string& text) {
  return !text.empty() && text != "." && text != ".." && text.find('/') == std::string::npos;
}

std::string text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Result<ExportedObject> exported(const Json& object) {
  const auto kept = reduced(object);
  const auto metadata = kept.value("metadata", Json::object());
  ExportedObject out{text_at(kept, "kind"), text_at(metadata, "name"), text_at(metadata, "namespace"), {}};
  if (!is_file_name(out.kind) || !is_file_name(out.name) || (!out.ns.empty() && !is_file_name(out.ns)))
    return fail(ErrorKind::server, fmt::format("the daemon exported {} '{}' in namespace '{}', which cannot be saved "
                                               "under that name",
                                               out.kind, out.name, out.ns));
  const auto json = encode_json(kept);
  const auto documents = yaml::read_all(json);
  if (!documents) return Failure(documents.error());
  out.yaml = yaml::encode(documents->front().root());
  return out;
}

}  // namespace

std::string ExportedObject::path() const {
  if (kind == "Namespace") return name + "-ns.yaml";
  return fmt::format("{}/{}-{}.yaml", ns, name, kind == "Deployment" ? "dep" : kind);
}

Result<std::vector<ExportedObject>> read_export(std::string_view text) {
  const auto documents = yaml::read_all(text);
  if (!documents) return wrap(documents.error(), "reading what the daemon exported");
  std::vector<ExportedObject> objects;
  for (const auto& document : *documents) {
    if (document.root().is_null()) continue;
    auto object = yaml::to_json(document.root()).and_then(decode_json).and_then([](const Json& json) {
      return json.is_object() ? exported(json) : Result<ExportedObject>(fail(ErrorKind::server, "it is no object"));
    });
    if (!object) return wrap(object.error(), "reading what the daemon exported");
    objects.push_back(*std::move(object));
  }
  return objects;
}

}  // namespace flux::cli
