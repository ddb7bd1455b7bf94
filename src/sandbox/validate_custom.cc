#include "sandbox/validate_custom.h"

#include <algorithm>

#include "base/json.h"

namespace flux::sandbox {

namespace {

bool fits_type(const Json& value, const std::string& type) {
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  return type != "object" || value.is_object();
}

const char* type_name(const Json& value) {
  if (value.is_number_integer()) return "integer";
  return value.is_number() ? "number" : value.type_name();
}

class SchemaCheck {
 public:
  Json causes = Json::array();

  void value(const Json& value, const Json& schema, const std::string& path) {
    if (!schema.is_object() || value.is_null()) return;
    const auto type = schema.value("type", "");
    if (schema.value("x-kubernetes-int-or-string", false)) return;
    if (!fits_type(value, type)) {
      const auto shown = "\"" + std::string(type_name(value)) + "\"";
      return complain("FieldValueTypeInvalid", path,
                      "Invalid value: " + shown + ": " + path + " in body must be of type " + type + ": " + shown);
    }
    if (const auto allowed = schema.find("enum"); allowed != schema.end()) one_of(value, *allowed, path);
    if (value.is_number()) number(value, schema, path);
    if (value.is_string())
      length(value.get_ref<const std::string&>().size(), value, schema, "Length", "chars long", path);
    if (value.is_array()) items(value, schema, path);
    if (value.is_object()) members(value, schema, path);
  }

 private:
  void complain(const char* reason, const std::string& path, const std::string& message) {
    causes.push_back({{"reason", reason}, {"field", path}, {"message", message}});
  }

  void one_of(const Json& value, const Json& allowed, const std::string& path) {
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return;
    std::string all;
    for (const auto& one : allowed) all += (all.empty() ? "" : ", ") + dump_json(one);
    complain("FieldValueNotSupported", path, "Unsupported value: " + dump_json(value) + ": supported values: " + all);
  }

  void number(const Json& value, const Json& schema, const std::string& path) {
    const auto bound = [&](const char* key, const char* exclusive, bool least) {
      const auto found = schema.find(key);
      if (found == schema.end() || !found->is_number()) return;
      const bool strict = schema.value(exclusive, Json()) == true;
      const bool fits =
          least ? value > *found || (!strict && value == *found) : value < *found || (!strict && value == *found);
      if (fits) return;
      complain("FieldValueInvalid", path,
               "Invalid value: " + dump_json(value) + ": " + path + " in body should be " +
                   (least ? "greater" : "less") + " than " + (strict ? "" : "or equal to ") + dump_json(*found));
    };
    bound("minimum", "exclusiveMinimum", true);
    bound("maximum", "exclusiveMaximum", false);
  }

  void length(std::size_t size, const Json& value, const Json& schema, const std::string& what, const char* unit,
              const std::string& path) {
    const auto shown = "Invalid value: " + (value.is_string() ? dump_json(value) : std::to_string(size)) + ": " + path +
                       " in body should ";
    const auto least = schema.find("min" + what);
    const auto most = schema.find("max" + what);
    if (least != schema.end() && size < least->get<std::size_t>()) {
      complain("FieldValueInvalid", path,
               shown + (what == "Length" ? "be at least " : "have at least ") + dump_json(*least) + " " + unit);
    }
    if (most != schema.end() && size > most->get<std::size_t>()) {
      complain("FieldValueTooLong", path,
               shown + (what == "Length" ? "be at most " : "have at most ") + dump_json(*most) + " " + unit);
    }
  }

  void items(const Json& list, const Json& schema, const std::string& path) {
    length(list.size(), list, schema, "Items", "items", path);
    const auto item = schema.find("items");
    for (std::size_t i = 0; item != schema.end() && i < list.size(); ++i)
      value(list[i], *item, path + "[" + std::to_string(i) + "]");
  }

  void members(const Json& object, const Json& schema, const std::string& path) {
    const auto inner = [&](const std::string& name) { return path.empty() ? name : path + "." + name; };
    for (const auto& name : schema.value("required", Json::array())) {
      if (!object.contains(name.get<std::string>())) complain("FieldValueRequired", inner(name), "Required value");
    }
    const auto properties = schema.value("properties", Json::object());
    const auto rest = schema.value("additionalProperties", Json());
    for (const auto& [name, child] : object.items()) {
      if (path.empty() && (name == "metadata" || name == "apiVersion" || name == "kind")) continue;
      const auto found = properties.find(name);
      value(child, found == properties.end() ? rest : *found, inner(name));
    }
  }
};

}  // namespace

Answer<void> validate_custom(const Kind& kind, const Json& body) {
  if (!kind.schema || !kind.schema->is_object()) return {};
  SchemaCheck check;
  try {
    check.value(body, *kind.schema, "");
  } catch (const Json::exception&) {
    return {};  // the definition's schema is not one; a real server would not have taken it
  }
  if (check.causes.empty()) return {};
  const auto name = body.at("metadata").value("name", "");
  std::string all;
  for (const auto& cause : check.causes) {
    all += (all.empty() ? "" : ", ") + cause["field"].get<std::string>() + ": " + cause["message"].get<std::string>();
  }
  if (check.causes.size() > 1) all = "[" + all + "]";
  auto refusal = refuse_invalid(kind, name, "", all);
  refusal.value().message = kind.kind + "." + kind.group + " \"" + name + "\" is invalid: " + all;
  refusal.value().details["causes"] = check.causes;
  return refusal;
}

}  // namespace flux::sandbox
