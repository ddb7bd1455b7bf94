#include "cluster/takeover.h"

#include "base/json.h"
#include "cluster/managed_fields.h"
#include "cluster/object.h"

namespace flux::cluster {
namespace {

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

// Sets of field paths are nested objects, so the union of two sets is their deep merge.
void unite(Json& to, const Json& from) {
  if (!to.is_object() || !from.is_object()) return;
  for (const auto& [key, value] : from.items()) {
    const auto found = to.find(key);
    if (found == to.end())
      to[key] = value;
    else
      unite(*found, value);
  }
}

bool is_ours(const Json& entry, std::string_view manager) {
  return text_of(entry, "manager") == manager && text_of(entry, "operation") == "Apply" &&
         text_of(entry, "subresource").empty();
}

bool is_client_side(const Json& entry, bool has_last_applied) {
  if (text_of(entry, "operation") != "Update" || !text_of(entry, "subresource").empty()) return false;
  const auto fields = entry.find("fieldsV1");
  const bool owns = fields != entry.end() && owns_last_applied(dump_json(*fields));
  return is_client_side_manager(text_of(entry, "manager"), owns, has_last_applied);
}

bool has_last_applied(const Json& metadata) {
  const auto annotations = metadata.find("annotations");
  return annotations != metadata.end() && annotations->is_object() &&
         annotations->contains(std::string(kLastAppliedAnnotation));
}

/// Cuts the last-applied annotation out of a set of fields and returns the set of it alone; null when it is not there.
Json cut_last_applied(Json& fields) {
  const auto key = "f:" + std::string(kLastAppliedAnnotation);
  const auto at = Json::json_pointer("/f:metadata/f:annotations");
  if (!fields.contains(at) || fields[at].erase(key) == 0) return nullptr;
  return {{"f:metadata", {{"f:annotations", {{key, Json::object()}}}}}};
}

struct Split {
  Json taken = Json::array();
  Json kept = Json::array();
  Json ours;  // null when we have none
};

void take(Json entry, bool keep_last_applied, Split& out) {
  auto fields = entry.find("fieldsV1");
  if (keep_last_applied && fields != entry.end()) {
    auto rest = entry;
    if (auto annotation = cut_last_applied(*fields); !annotation.is_null()) {
      rest["fieldsV1"] = std::move(annotation);
      out.kept.push_back(rest);
      if (owns_nothing_but_last_applied(dump_json(*fields))) return;
    }
  }
  out.taken.push_back(std::move(entry));
}

Split split(const Json& metadata, std::string_view manager, bool keep_last_applied) {
  Split out;
  const auto entries = metadata.find("managedFields");
  if (entries == metadata.end() || !entries->is_array()) return out;
  const bool annotated = has_last_applied(metadata);
  for (const auto& entry : *entries) {
    if (is_client_side(entry, annotated))
      take(entry, keep_last_applied, out);
    else if (is_ours(entry, manager))
      out.ours = entry;
    else
      out.kept.push_back(entry);
  }
  return out;
}

Json united(Split& parts, std::string_view manager) {
  auto ours = parts.ours.is_object() ? parts.ours : parts.taken.front();
  ours["manager"] = std::string(manager);
  ours["operation"] = "Apply";
  for (const auto& entry : parts.taken)
    if (const auto fields = entry.find("fieldsV1"); fields != entry.end()) unite(ours["fieldsV1"], *fields);
  return ours;
}

}  // namespace

bool is_client_side_manager(std::string_view manager, bool owns, bool object_has_last_applied) {
  if (owns || manager == "kubectl-client-side-apply") return true;
  return object_has_last_applied && (manager == "kubectl" || manager == "before-first-apply");
}

Result<std::optional<std::string>> takeover_patch(std::string_view object, std::string_view manager,
                                                  bool keep_last_applied) {
  const auto json = parse_json(object).value_or(nullptr);
  const auto metadata = json.is_object() ? json.find("metadata") : json.end();
  if (!json.is_object() || metadata == json.end() || !metadata->is_object())
    return fail(ErrorKind::server, "the API server's answer is not an object with metadata");
  auto parts = split(*metadata, manager, keep_last_applied);
  if (parts.taken.empty()) return std::optional<std::string>{};
  parts.kept.push_back(united(parts, manager));
  const Json patch = {
      {{"op", "replace"}, {"path", "/metadata/managedFields"}, {"value", parts.kept}},
      {{"op", "replace"}, {"path", "/metadata/resourceVersion"}, {"value", text_of(*metadata, "resourceVersion")}}};
  return dump_json(patch);
}

}  // namespace flux::cluster
