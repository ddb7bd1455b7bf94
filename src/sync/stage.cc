#include "sync/stage.h"

#include "base/json.h"
#include "cluster/object.h"

namespace flux::sync {
namespace {

void add(Json& metadata, std::string_view where, std::string_view key, std::string_view value) {
  auto& map = metadata[where];
  // An API server refuses these maps in any other shape, with a message that names the field; ours would name less.
  if (!map.is_null() && !map.is_object()) return;
  auto& slot = map[std::string(key)];
  const auto* text = slot.get_ptr<const std::string*>();
  if (slot.is_null() || (text != nullptr && text->empty())) slot = value;
}

}  // namespace

std::string staged_body(const Manifest& manifest, std::string_view ns, std::string_view mark) {
  auto metadata = parse_json(manifest.metadata).value_or(nullptr);
  if (!metadata.is_object()) metadata = Json::object();
  metadata.erase("managedFields");
  if (!ns.empty()) metadata["namespace"] = ns;
  add(metadata, "labels", cluster::kGcMarkLabel, mark);
  add(metadata, "annotations", cluster::kChecksumAnnotation, manifest.checksum);

  std::string body = R"({"metadata":)" + dump_json(metadata);
  const bool has_more = manifest.rest.size() > 2;
  return body + (has_more ? "," : "") + manifest.rest.substr(1);
}

}  // namespace flux::sync
