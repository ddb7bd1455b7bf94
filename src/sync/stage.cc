#include "sync/stage.h"

#include "base/json.h"
#include "cluster/object.h"

namespace flux::sync {
namespace {

/// The map at `where`; nothing where it is none: an API server refuses it in any other shape, with a message that names
/// the field; ours would name less.
Json* map_at(Json& metadata, std::string_view where) {
  auto& map = metadata[where];
  return map.is_null() || map.is_object() ? &map : nullptr;
}

}  // namespace

std::string staged_body(const Manifest& manifest, std::string_view ns, std::string_view mark) {
  auto metadata = parse_json(manifest.metadata).value_or(nullptr);
  if (!metadata.is_object()) metadata = Json::object();
  if (!ns.empty()) metadata["namespace"] = ns;
  if (auto* labels = map_at(metadata, "labels")) (*labels)[cluster::kGcMarkLabel] = mark;
  if (auto* annotations = map_at(metadata, "annotations")) {
    (*annotations)[cluster::kChecksumAnnotation] = manifest.checksum;
    annotations->erase(std::string(cluster::kLastAppliedAnnotation));
  }

  std::string body = R"({"metadata":)" + dump_json(metadata);
  const bool has_more = manifest.rest.size() > 2;
  return body + (has_more ? "," : "") + manifest.rest.substr(1);
}

}  // namespace flux::sync
