#include "model/json_reader.h"

#include <fmt/format.h>

#include <limits>

namespace flux {
namespace {

Result<bool> flag_from_json(const Json& json) {
  if (!json.is_boolean()) return wrong_type("it", "true or false", json);
  return json.get<bool>();
}

Result<std::int64_t> integer_from_json(const Json& json) {
  const bool fits = !json.is_number_unsigned() ||
                    json.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!json.is_number_integer()) return wrong_type("it", "an integer", json);
  if (!fits) return fail(ErrorKind::user, "it is too large a number");
  return json.get<std::int64_t>();
}

Result<double> number_from_json(const Json& json) {
  if (!json.is_number()) return wrong_type("it", "a number", json);
  return json.get<double>();
}

Result<std::map<std::string, std::string>> text_map_from_json(const Json& json) {
  std::map<std::string, std::string> map;
  if (!json.is_object()) return wrong_type("it", "an object", json);
  for (auto it = json.begin(); it != json.end(); ++it) {
    auto value = it->is_null() ? Result<std::string>() : text_from_json(*it);
    if (!value) return wrap(std::move(value.error()), it.key());
    map.insert_or_assign(it.key(), *std::move(value));
  }
  return map;
}

}  // namespace

Result<std::string> text_from_json(const Json& json) {
  if (json.is_null()) return std::string();
  if (!json.is_string()) return wrong_type("it", "a string", json);
  return json.get<std::string>();
}

Result<ResourceId> id_from_json(const Json& json) {
  auto text = text_from_json(json);
  if (!text) return Failure(std::move(text.error()));
  if (text->empty()) return ResourceId();
  return ResourceId::parse(*text);
}

ObjectReader::ObjectReader(const Json& object) : object_(object) {
  if (!object.is_null() && !object.is_object()) error_ = wrong_type("it", "an object", object).value();
}

const Json* ObjectReader::find(std::string_view key) const {
  const auto* json = member(object_, key);
  return json == nullptr || json->is_null() ? nullptr : json;
}

std::string ObjectReader::text(std::string_view key) { return value(key, text_from_json); }
bool ObjectReader::flag(std::string_view key) { return value(key, flag_from_json); }
std::int64_t ObjectReader::integer(std::string_view key) { return value(key, integer_from_json); }
double ObjectReader::number(std::string_view key) { return value(key, number_from_json); }
std::vector<std::string> ObjectReader::texts(std::string_view key) { return list(key, text_from_json); }
std::map<std::string, std::string> ObjectReader::text_map(std::string_view key) {
  return value(key, text_map_from_json);
}

/// `it must be a string` below a key becomes `Key must be a string`, all else `Key: ...`.
void ObjectReader::blame(std::string_view key, Error error) {
  if (error_) return;
  if (error.message.starts_with("it "))
    error.message.replace(0, 2, key);
  else
    error = wrap(std::move(error), key).value();
  error_ = std::move(error);
}

}  // namespace flux
