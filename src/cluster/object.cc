#include "cluster/object.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "cluster/json_reader.h"
#include "cluster/list_page.h"
#include "cluster/managed_fields.h"
#include "cluster/takeover.h"

namespace flux::cluster {
namespace {

/// What is collected before it can be judged: managedFields come before or after the annotations.
struct Metadata {
  std::string name;
  std::string ns;
  std::map<std::string, std::string> policies;  // annotations that may hold one
  bool has_last_applied = false;
  bool kubectl_update = false;  // some `Update` entry by kubectl that does not own the last-applied annotation
};

bool may_hold_policy(std::string_view key) {
  return key.find("fluxcd.io/") != std::string_view::npos || key.starts_with("flux.weave.works/");
}

constexpr std::string_view kCountedByController = "deployment.kubernetes.io/revision";

void read_annotations(JsonReader& json, Object& object, Metadata& metadata) {
  json.object([&](std::string_view key) {
    const std::string name(key);
    std::string value;
    json.string(value);
    if (name != kCountedByController) object.notes += hash_entry(name, value);
    if (name == kLastAppliedAnnotation) metadata.has_last_applied = true;
    if (may_hold_policy(name)) metadata.policies[name] = value;
    if (name == kChecksumAnnotation) object.checksum = std::move(value);
  });
}

void read_labels(JsonReader& json, Object& object) {
  json.object([&](std::string_view key) {
    const std::string name(key);
    std::string value;
    json.string(value);
    // Apart from an annotation of the same name.
    object.notes += hash_entry("label " + name, value);
    if (name == kGcMarkLabel) object.gc_mark = std::move(value);
  });
}

void read_managed_fields(JsonReader& json, Object& object, Metadata& metadata) {
  json.array([&] {
    const auto entry = read_managed_entry(json);
    if (!entry.subresource.empty()) return;
    if (entry.operation == "Apply" && entry.manager == kFieldManager) object.owned_fields = hash_fields(entry.fields);
    object.has_additions = object.has_additions || is_addition(entry);
    if (entry.operation != "Update") return;
    const bool owns = owns_last_applied(entry.fields);
    if (is_client_side_manager(entry.manager, owns, false))
      object.client_side =
          std::max(object.client_side,
                   owns && owns_nothing_but_last_applied(entry.fields) ? ClientSide::annotation : ClientSide::fields);
    else if (is_client_side_manager(entry.manager, false, true))
      metadata.kubectl_update = true;
  });
}

void read_metadata(JsonReader& json, Object& object, Metadata& metadata) {
  json.object([&](std::string_view key) {
    if (key == "name") return json.string(metadata.name);
    if (key == "namespace") return json.string(metadata.ns);
    if (key == "uid") return json.string(object.uid);
    if (key == "resourceVersion") return json.string(object.resource_version);
    if (key == "generation") return json.integer(object.generation);
    if (key == "annotations") return read_annotations(json, object, metadata);
    if (key == "managedFields") return read_managed_fields(json, object, metadata);
    if (key == "labels") return read_labels(json, object);
    if (key == "ownerReferences")
      return json.array([&] {
        object.owned = true;
        json.skip();
      });
    if (key == "deletionTimestamp") object.deleting = true;  // absent, not null, on live objects
    json.skip();
  });
}

Object read_object(JsonReader& json, const ApiType& type) {
  Object object;
  Metadata metadata;
  object.type = type;
  json.object([&](std::string_view key) {
    if (key == "metadata") return read_metadata(json, object, metadata);
    json.skip();
  });
  if (metadata.has_last_applied && metadata.kubectl_update) object.client_side = ClientSide::fields;
  if (!metadata.policies.empty()) object.ignore = ignore_of(policies_of(metadata.policies));
  if (!metadata.name.empty()) object.id = ResourceId(metadata.ns, type.kind, metadata.name);
  return object;
}

Failure unreadable(std::string_view what, const ApiType& type) {
  return fail(ErrorKind::server, "the API server's " + std::string(what) + " for " + type.api_version + " " +
                                     type.kind + " is not what Kubernetes sends: not JSON, or cut short");
}

void read_error(JsonReader& json, WatchEvent& event) {
  json.object([&](std::string_view key) {
    std::int64_t code = 0;
    if (key == "message") return json.string(event.message);
    if (key != "code") return json.skip();
    json.integer(code);
    event.code = static_cast<int>(code);
  });
}

}  // namespace

std::uint64_t Object::content() const {
  const auto version = generation != 0 ? "generation " + std::to_string(generation) : resource_version;
  return hash_entry(version, uid) + notes + owned_fields;
}

Result<Object> decode_object(std::string_view text, const ApiType& type) {
  JsonReader json(text);
  auto object = read_object(json, type);
  if (json.failed() || object.id.empty()) return unreadable("answer", type);
  return object;
}

Result<Page> decode_page(std::string_view text, const ApiType& type, const std::function<void(Object)>& each) {
  JsonReader json(text);
  Page page;
  const bool is_list = read_list(json, page, [&] {
    auto object = read_object(json, type);
    if (!json.failed() && !object.id.empty()) each(std::move(object));
  });
  if (json.failed() || !is_list) return unreadable("list", type);
  return page;
}

Result<std::optional<std::string>> decode_annotation(std::string_view text, std::string_view key) {
  JsonReader json(text);
  std::optional<std::string> found;
  const auto in = [&](std::string_view name, const std::function<void()>& read) {
    json.object([&](std::string_view member) { member == name ? read() : json.skip(); });
  };
  in("metadata", [&] { in("annotations", [&] { in(key, [&] { json.string(found.emplace()); }); }); });
  if (json.failed()) return fail(ErrorKind::server, "the API server's answer is not JSON, or cut short");
  return found;
}

Result<WatchEvent> decode_event(std::string_view line, const ApiType& type) {
  JsonReader json(line);
  WatchEvent event;
  std::string name;
  std::string_view object;
  json.object([&](std::string_view key) {
    if (key == "type") return json.string(name);
    if (key != "object") return json.skip();
    object = json.raw();
  });
  if (json.failed() || name.empty()) return unreadable("watch event", type);
  JsonReader inner(object);
  if (name == "ERROR") {
    read_error(inner, event);
    return event;
  }
  using enum WatchEvent::Type;
  event.type = name == "ADDED" ? added : name == "MODIFIED" ? modified : name == "DELETED" ? deleted : bookmark;
  event.object = read_object(inner, type);
  const bool known = event.type != bookmark || name == "BOOKMARK";
  if (!known || inner.failed() || (event.type != bookmark && event.object.id.empty()))
    return unreadable("watch event", type);
  return event;
}

}  // namespace flux::cluster
