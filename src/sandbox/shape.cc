#include "sandbox/shape.h"

#include "base/json.h"

namespace flux::sandbox {

namespace {

const char* expected(const Json& value, Type::Form form) {
  using Form = Type::Form;
  switch (form) {
    case Form::any:
      return nullptr;
    case Form::text:
    case Form::time:
      return value.is_string() ? nullptr : "string";
    case Form::integer:
      return value.is_number_integer() ? nullptr : "numeric (int or float)";
    case Form::number:
      return value.is_number() ? nullptr : "numeric (int or float)";
    case Form::boolean:
      return value.is_boolean() ? nullptr : "boolean";
    case Form::quantity:
    case Form::int_or_text:
      return value.is_string() || value.is_number() ? nullptr : "string or number";
    case Form::object:
      return value.is_object() ? nullptr : "map";
    case Form::list:
      return value.is_array() ? nullptr : "list";
  }
  return nullptr;
}

std::string brief(const Json& value) {
  if (value.is_string()) return "\"" + value.get<std::string>() + "\"";
  return value.is_structured() ? value.type_name() : dump_json(value);
}

void check(const Json& value, const Type& type, const std::string& path, std::vector<std::string>& out) {
  if (value.is_null()) return;
  if (const auto* wanted = expected(value, type.form); wanted != nullptr) {
    const bool numeric = type.form == Type::Form::integer || type.form == Type::Form::number;
    out.push_back(path + ": expected " + wanted + ", got " +
                  (numeric ? value.type_name() : "&value.valueUnstructured{Value:" + brief(value) + "}"));
  } else if (type.form == Type::Form::object) {
    for (const auto& [name, child] : value.items()) {
      const auto* member = type.member(name);
      if (member != nullptr) check(child, *member, path + "." + name, out);
    }
  } else if (type.form == Type::Form::list && type.item != nullptr) {
    for (std::size_t i = 0; i < value.size(); ++i)
      check(value[i], *type.item, path + "[" + std::to_string(i) + "]", out);
  }
}

}  // namespace

std::vector<std::string> shape_errors(const Json& value, const Type& type) {
  std::vector<std::string> out;
  check(value, type, "", out);
  return out;
}

}  // namespace flux::sandbox
