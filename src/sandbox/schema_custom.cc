#include "sandbox/schema.h"

namespace flux::sandbox {

namespace {

bool says(const Json& schema, const char* key) { return schema.value(key, Json()) == true; }

std::string text_at(const Json& schema, const char* key) {
  const auto found = schema.find(key);
  return found != schema.end() && found->is_string() ? found->get<std::string>() : std::string();
}

void read_list(TypeSet& set, Type& type, const Json& schema) {
  type.form = Type::Form::list;
  const auto items = schema.value("items", Json());
  type.item = type_of_schema(set, items);
  const auto form = text_at(schema, "x-kubernetes-list-type");
  if (form == "set") type.list = Type::ListForm::set;
  if (form != "map") return;
  type.list = Type::ListForm::map;
  for (const auto& name : schema.value("x-kubernetes-list-map-keys", Json::array())) {
    const auto pointer = Json::json_pointer("/properties/" + name.get<std::string>() + "/default");
    type.keys.push_back({name, items.value(pointer, Json())});
  }
}

void read_object(TypeSet& set, Type& type, const Json& schema) {
  type.atomic = text_at(schema, "x-kubernetes-map-type") == "atomic";
  type.keeps_unknown = says(schema, "x-kubernetes-preserve-unknown-fields");
  const auto properties = schema.value("properties", Json::object());
  for (const auto& [name, property] : properties.items()) {
    auto& field = type.fields[name];
    field.type = type_of_schema(set, property);
    // Nothing is dropped or added in an object whose meaning we do not know.
    field.keeps_empty = true;
    if (property.is_object()) field.fallback = property.value("default", Json());
  }
  const auto rest = schema.find("additionalProperties");
  if (rest != schema.end() && rest->is_object()) type.rest = type_of_schema(set, *rest);
  if (rest != schema.end() && *rest == true) type.rest = Type::untyped();
  if (says(schema, "x-kubernetes-embedded-resource")) {
    for (const auto* name : {"apiVersion", "kind"}) type.fields[name].type = builtin_types().find("s");
    type.fields["metadata"].type = builtin_types().find("ObjectMeta");
  }
  type.form = Type::Form::object;
}

}  // namespace

const Type* type_of_schema(TypeSet& set, const Json& openapi) {
  if (!openapi.is_object()) return Type::untyped();
  const auto name = text_at(openapi, "type");
  auto* type = set.make();
  if (says(openapi, "x-kubernetes-int-or-string")) {
    type->form = Type::Form::int_or_text;
  } else if (name == "object" || openapi.contains("properties")) {
    read_object(set, *type, openapi);
  } else if (name == "array") {
    read_list(set, *type, openapi);
  } else if (name == "string") {
    type->form = Type::Form::text;
  } else if (name == "integer") {
    type->form = Type::Form::integer;
  } else if (name == "number") {
    type->form = Type::Form::number;
  } else if (name == "boolean") {
    type->form = Type::Form::boolean;
  }
  return type;
}

}  // namespace flux::sandbox
