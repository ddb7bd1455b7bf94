#include "sync/leftovers.h"

#include <algorithm>

#include "base/json.h"
#include "cluster/whole.h"
#include "manifests/workloads/kinds.h"

namespace flux::sync {
namespace {

const Json* member(const Json* value, const std::string& key) {
  if (!value || !value->is_object()) return nullptr;
  const auto found = value->find(key);
  return found == value->end() || found->is_null() ? nullptr : &*found;
}

bool is_text(const Json* value, std::string_view text) { return value && value->is_string() && *value == text; }

void add_strategy(const Json& object, const std::string& field, std::vector<FieldPath>& paths) {
  const auto* strategy = member(member(&object, "spec"), field);
  const auto* type = member(strategy, "type");
  if (!type || is_text(type, "RollingUpdate") || member(strategy, "rollingUpdate")) return;
  paths.push_back({"f:spec", "f:" + field, "f:rollingUpdate"});
}

void add_volumes(const Json& object, std::string_view kind, std::vector<FieldPath>& paths) {
  FieldPath path;
  const auto* at = &object;
  for (const auto key : manifests::pod_spec_path(kind)) {
    at = member(at, std::string(key));
    path.push_back("f:" + std::string(key));
  }
  const auto* volumes = path.empty() ? nullptr : member(at, "volumes");
  if (!volumes || !volumes->is_array()) return;
  path.emplace_back("f:volumes");
  for (const auto& volume : *volumes) {
    const auto* name = member(&volume, "name");
    if (!name || !name->is_string() || volume.size() < 2 || member(&volume, "emptyDir")) continue;
    auto own = path;
    own.push_back("k:" + dump_json(Json{{"name", *name}}));
    own.emplace_back("f:emptyDir");
    paths.push_back(std::move(own));
  }
}

/// Whether the object has a value there.
bool has(const Json& object, const FieldPath& path) {
  const auto* at = &object;
  for (const auto& step : path) {
    if (step.starts_with("f:")) {
      at = member(at, step.substr(2));
    } else {
      const auto key = parse_json(std::string_view(step).substr(2)).value_or(nullptr);
      const auto* name = member(&key, "name");
      if (!at || !at->is_array() || !name) return false;
      const auto item = std::ranges::find_if(*at, [&](const Json& one) {
        const auto* its = member(&one, "name");
        return its && *its == *name;
      });
      at = item == at->end() ? nullptr : &*item;
    }
    if (!at) return false;
  }
  return true;
}

/// Takes a path out of a set of fields. A parent without children would mean itself, so it goes, too.
void cut(Json& fields, std::span<const std::string> path) {
  if (!fields.is_object() || !fields.contains(path.front())) return;
  auto& child = fields[path.front()];
  if (path.size() > 1) {
    if (child.empty()) return;
    cut(child, path.subspan(1));
    if (!child.empty()) return;
  }
  fields.erase(path.front());
}

void add(Json& fields, std::span<const std::string> path) {
  const bool known = fields.contains(path.front());
  auto& child = fields[path.front()];
  // Without children it means itself, and with children only if it says so.
  if (known && path.size() > 1 && child.empty()) child["."] = Json::object();
  if (path.size() == 1 || !child.is_object()) child = Json::object();
  if (path.size() > 1) add(child, path.subspan(1));
}

bool is_ours(const Json& entry) {
  return is_text(member(&entry, "manager"), cluster::kFieldManager) && is_text(member(&entry, "operation"), "Apply") &&
         !member(&entry, "subresource");
}

Json new_entry(const Json& object) {
  return {{"manager", std::string(cluster::kFieldManager)},
          {"operation", "Apply"},
          {"apiVersion", object.value("apiVersion", Json())},
          {"fieldsType", "FieldsV1"},
          {"fieldsV1", Json::object()}};
}

}  // namespace

std::vector<FieldPath> contradicted_fields(const Manifest& manifest) {
  const auto group = manifest.type.group();
  if (group != "apps" && group != "batch") return {};
  const auto object = parse_json(manifest.rest).value_or(nullptr);
  std::vector<FieldPath> paths;
  if (group == "apps" && manifest.type.kind == "Deployment") add_strategy(object, "strategy", paths);
  if (group == "apps" && manifest.type.kind == "StatefulSet") add_strategy(object, "updateStrategy", paths);
  add_volumes(object, manifest.type.kind, paths);
  return paths;
}

std::optional<std::string> claim_patch(std::string_view text, std::span<const FieldPath> paths) {
  const auto object = parse_json(text).value_or(nullptr);
  const auto* metadata = member(&object, "metadata");
  const auto* managed = member(metadata, "managedFields");
  const auto* version = member(metadata, "resourceVersion");
  if (!version || (managed && !managed->is_array())) return std::nullopt;
  Json ours = new_entry(object);
  Json entries = Json::array();
  if (managed)
    for (const auto& entry : *managed) (is_ours(entry) ? ours : entries.emplace_back()) = entry;
  bool any = false;
  for (const auto& path : paths) {
    if (!has(object, path)) continue;
    any = true;
    for (auto& entry : entries)
      if (entry.contains("fieldsV1")) cut(entry["fieldsV1"], path);
    add(ours["fieldsV1"], path);
  }
  if (!any) return std::nullopt;
  Json kept = Json::array();
  for (auto& entry : entries)
    if (const auto* fields = member(&entry, "fieldsV1"); !fields || !fields->empty()) kept.push_back(std::move(entry));
  kept.push_back(std::move(ours));
  return dump_json(Json{{{"op", "add"}, {"path", "/metadata/managedFields"}, {"value", std::move(kept)}},
                        {{"op", "replace"}, {"path", "/metadata/resourceVersion"}, {"value", *version}}});
}

std::vector<bool> claim_fields(const Bounded& ctx, cluster::Client& client, std::span<const Claim> claims) {
  std::vector<cluster::Client::Target> targets;
  for (const auto& claim : claims) targets.push_back(claim.target);
  const auto objects = cluster::get_whole(ctx, client, targets);
  std::vector<bool> claimed(claims.size());
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (!objects[i]) continue;
    const auto& target = claims[i].target;
    if (auto patch = claim_patch(*objects[i], claims[i].paths))
      claimed[i] =
          client
              .patch(ctx, target.resource, target.ns, target.name, cluster::Client::PatchType::json, std::move(*patch))
              .has_value();
  }
  return claimed;
}

}  // namespace flux::sync
