#include "cluster/takeover.h"

#include <functional>

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

/// Cuts annotations out of a set of fields and returns the set of them alone; null when there are none.
Json cut_annotations(Json& fields, const std::function<bool(std::string_view)>& which) {
  const auto at = Json::json_pointer("/f:metadata/f:annotations");
  if (!fields.contains(at) || !fields[at].is_object()) return nullptr;
  const Json annotations = fields[at];
  Json cut = Json::object();
  for (const auto& [key, value] : annotations.items())
    if (which(key)) cut[key] = value;
  if (cut.empty()) return nullptr;
  for (const auto& [key, value] : cut.items()) fields[at].erase(key);
  return {{"f:metadata", {{"f:annotations", cut}}}};
}

struct Split {
  Json taken = Json::array();
  Json kept = Json::array();
  Json ours;  // null when we have none
};

/// Which entries are taken over, and what of them stays with who wrote it.
struct Rules {
  std::string_view manager;
  bool keep_last_applied;
  bool additions;

  [[nodiscard]] bool stays(std::string_view field) const {
    if (field == "f:" + std::string(kLastAppliedAnnotation)) return keep_last_applied;
    return additions && is_policy_field(field);
  }
  [[nodiscard]] bool takes(const Json& entry, bool has_last_applied) const {
    if (is_client_side(entry, has_last_applied)) return true;
    if (!additions) return false;
    const auto fields = entry.find("fieldsV1");
    const auto text = fields != entry.end() ? dump_json(*fields) : std::string("{}");
    return is_addition({text_of(entry, "manager"), text_of(entry, "operation"), text_of(entry, "subresource"), text});
  }
};

void take(Json entry, const Rules& rules, Split& out) {
  auto fields = entry.find("fieldsV1");
  if (fields != entry.end()) {
    auto rest = entry;
    auto annotations = cut_annotations(*fields, [&](std::string_view field) { return rules.stays(field); });
    if (!annotations.is_null()) {
      rest["fieldsV1"] = std::move(annotations);
      out.kept.push_back(rest);
      if (owns_nothing(dump_json(*fields))) return;
    }
  }
  out.taken.push_back(std::move(entry));
}

Split split(const Json& metadata, const Rules& rules) {
  Split out;
  const auto entries = metadata.find("managedFields");
  if (entries == metadata.end() || !entries->is_array()) return out;
  const bool annotated = has_last_applied(metadata);
  for (const auto& entry : *entries) {
    if (is_ours(entry, rules.manager))
      out.ours = entry;
    else if (rules.takes(entry, annotated))
      take(entry, rules, out);
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
                                                  bool keep_last_applied, bool additions) {
  const auto json = parse_json(object).value_or(nullptr);
  const auto metadata = json.is_object() ? json.find("metadata") : json.end();
  if (!json.is_object() || metadata == json.end() || !metadata->is_object())
    return fail(ErrorKind::server, "the API server's answer is not an object with metadata");
  auto parts = split(*metadata, {manager, keep_last_applied, additions});
  if (parts.taken.empty()) return std::optional<std::string>{};
  parts.kept.push_back(united(parts, manager));
  const Json patch = {
      {{"op", "replace"}, {"path", "/metadata/managedFields"}, {"value", parts.kept}},
      {{"op", "replace"}, {"path", "/metadata/resourceVersion"}, {"value", text_of(*metadata, "resourceVersion")}}};
  return dump_json(patch);
}

}  // namespace flux::cluster
