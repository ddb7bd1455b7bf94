#include "daemon/diff/canonical.h"

#include "base/json.h"
#include "cluster/object.h"
#include "yaml/encode.h"
#include "yaml/reader.h"

namespace flux::daemon {
namespace {

void drop_if_empty(SortedJson& object, const char* key) {
  if (const auto at = object.find(key); at != object.end() && (at->is_null() || at->empty())) object.erase(at);
}

void drop_noise(SortedJson& object) {
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

bool is_secret(const SortedJson& object) {
  return object.is_object() && object.value("kind", SortedJson()) == "Secret";
}

/// The member `key` of an object, null where there is none.
SortedJson* values_of(SortedJson& object, const char* key) {
  const auto at = object.is_object() ? object.find(key) : object.end();
  return at == object.end() ? nullptr : &*at;
}

void hide(SortedJson& before, SortedJson& after, const char* key) {
  auto* was = values_of(before, key);
  auto* is = values_of(after, key);
  const auto in = [](const SortedJson* values, const std::string& name) {
    return values && values->is_object() && values->contains(name);
  };
  const auto cover = [&](SortedJson* values, const SortedJson* other, const char* text) {
    if (!values) return;
    if (!values->is_object()) {
      *values = text;
      return;
    }
    for (const auto& [name, value] : values->items())
      value = in(other, name) && (*other)[name] == value ? "<hidden>" : text;
  };
  const SortedJson original = was ? *was : SortedJson();
  cover(was, is, "<hidden, before>");
  cover(is, was ? &original : nullptr, "<hidden, after>");
}

void hide_secret_values(SortedJson& before, SortedJson& after) {
  if (!is_secret(before) && !is_secret(after)) return;
  for (const auto* key : {"data", "stringData"}) hide(before, after, key);
}

SortedJson parse(std::string_view text) { return parse_sorted_json(text).value_or(nullptr); }

std::string shown(const SortedJson& object) {
  if (!object.is_object()) return {};
  return yaml_of(dump_json(object));
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
