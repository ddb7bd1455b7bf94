#include "daemon/diff/canonical.h"

#include <nlohmann/json.hpp>

#include "cluster/object.h"
#include "yaml/encode.h"
#include "yaml/reader.h"

namespace flux::daemon {
namespace {

using Json = nlohmann::json;

void drop_if_empty(Json& object, const char* key) {
  if (const auto at = object.find(key); at != object.end() && (at->is_null() || at->empty())) object.erase(at);
}

void drop_noise(Json& object) {
  object.erase("status");
  const auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return;
  for (const auto* key : {"managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink"})
    metadata->erase(key);
  const auto annotations = metadata->find("annotations");
  if (annotations == metadata->end() || !annotations->is_object()) return;
  annotations->erase(std::string(cluster::kLastAppliedAnnotation));
  annotations->erase(std::string(cluster::kChecksumAnnotation));
  drop_if_empty(*metadata, "annotations");
}

bool is_secret(const Json& object) { return object.is_object() && object.value("kind", Json()) == "Secret"; }

/// The member `key` of an object, null where there is none.
Json* values_of(Json& object, const char* key) {
  const auto at = object.is_object() ? object.find(key) : object.end();
  return at == object.end() ? nullptr : &*at;
}

void hide(Json& before, Json& after, const char* key) {
  auto* was = values_of(before, key);
  auto* is = values_of(after, key);
  const auto in = [](const Json* values, const std::string& name) {
    return values && values->is_object() && values->contains(name);
  };
  const auto cover = [&](Json* values, const Json* other, const char* text) {
    if (!values) return;
    if (!values->is_object()) {
      *values = text;
      return;
    }
    for (const auto& [name, value] : values->items())
      value = in(other, name) && (*other)[name] == value ? "<hidden>" : text;
  };
  const Json original = was ? *was : Json();
  cover(was, is, "<hidden, before>");
  cover(is, was ? &original : nullptr, "<hidden, after>");
}

void hide_secret_values(Json& before, Json& after) {
  if (!is_secret(before) && !is_secret(after)) return;
  for (const auto* key : {"data", "stringData"}) hide(before, after, key);
}

Json parse(std::string_view text) { return text.empty() ? Json() : Json::parse(text, nullptr, false); }

std::string shown(const Json& object) {
  if (!object.is_object()) return {};
  return yaml_of(object.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

std::string yaml_of(std::string_view json) {
  yaml::Reader reader(json);
  const auto document = reader.next();
  if (!document || !*document) return {};
  return yaml::encode((*document)->root());
}

Comparison compare_objects(std::string_view before, std::string_view after) {
  auto was = parse(before);
  auto is = parse(after);
  for (auto* object : {&was, &is})
    if (object->is_object()) drop_noise(*object);
  hide_secret_values(was, is);
  return {shown(was), shown(is)};
}

}  // namespace flux::daemon
