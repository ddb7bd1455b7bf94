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

/// The value at a path; nullptr when there is none.
Json* find(Json& object, std::span<const std::string> path) {
  auto* at = &object;
  for (const auto& step : path) {
    Json* next = nullptr;
    if (step.starts_with("f:")) {
      const auto found = at->is_object() ? at->find(step.substr(2)) : at->end();
      if (found != at->end() && !found->is_null()) next = &*found;
    } else if (at->is_array()) {
      const auto key = parse_json(std::string_view(step).substr(2)).value_or(nullptr);
      const auto* name = member(&key, "name");
      const auto item = std::ranges::find_if(*at, [&](const Json& one) {
        const auto* its = member(&one, "name");
        return name && its && *its == *name;
      });
      if (item != at->end()) next = &*item;
    }
    if (!next) return nullptr;
    at = next;
  }
  return at;
}

/// The union that a leftover is a member of.
std::span<const std::string> union_of(const FieldPath& path) { return std::span(path).first(path.size() - 1); }

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
  auto object = parse_json(text).value_or(nullptr);
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
    if (!find(object, path)) continue;
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

std::vector<FieldPath> fields_in(std::string_view text, std::span<const FieldPath> paths) {
  auto object = parse_json(text).value_or(nullptr);
  std::vector<FieldPath> found;
  std::ranges::copy_if(paths, std::back_inserter(found),
                       [&](const FieldPath& path) { return find(object, path) != nullptr; });
  return found;
}

std::string set_aside(std::string_view body, std::span<const FieldPath> paths) {
  auto object = parse_json(body).value_or(nullptr);
  for (const auto& path : paths) {
    const auto place = union_of(path);
    auto* value = find(object, place);
    auto* parent = find(object, place.first(place.size() - 1));
    if (!value || !parent) continue;
    if (parent->is_object())
      parent->erase(place.back().substr(2));
    else
      *value = Json{{"name", value->at("name")}};
  }
  return dump_json(object);
}

std::string put_back(std::string_view result, std::string_view body, std::span<const FieldPath> paths) {
  auto object = parse_json(result).value_or(nullptr);
  auto wanted = parse_json(body).value_or(nullptr);
  for (const auto& path : paths)
    if (auto* from = find(wanted, union_of(path)))
      if (auto* to = find(object, union_of(path))) *to = *from;
  return dump_json(object);
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
