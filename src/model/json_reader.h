#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/json.h"
#include "model/json.h"
#include "model/resource_id.h"

/// Reading JSON into values by Go's rules (compat/api.md 4.1). For the codecs; others need only model/json.h.
namespace flux {

/// What `read` makes of JSON, where it gives Result<Value>.
template <class Read>
using ReadValue = typename std::invoke_result_t<Read, const Json&>::value_type;

[[nodiscard]] Result<std::string> text_from_json(const Json& json);
/// Empty text is no id, as for `Antecedent` (compat/api.md 4.2).
[[nodiscard]] Result<ResourceId> id_from_json(const Json& json);

/// Null is an empty list. An error says which element.
template <class Read>
Result<std::vector<ReadValue<Read>>> list_from_json(const Json& json, Read read) {
  std::vector<ReadValue<Read>> list;
  if (json.is_null()) return list;
  if (!json.is_array()) return wrong_type("it", "a list", json);
  list.reserve(json.size());
  for (const auto& element : json) {
    auto value = read(element);
    if (!value) return wrap(std::move(value.error()), "element " + std::to_string(list.size()));
    list.push_back(*std::move(value));
  }
  return list;
}

/// An object with ids for keys; null is an empty one, the last of equal keys wins. An empty key is an error: it names
/// nothing (compat/api.md 11, row 12).
template <class Read>
Result<std::map<ResourceId, ReadValue<Read>>> id_map_from_json(const Json& json, Read read) {
  std::map<ResourceId, ReadValue<Read>> map;
  if (json.is_null()) return map;
  if (!json.is_object()) return wrong_type("it", "an object", json);
  for (auto it = json.begin(); it != json.end(); ++it) {
    auto id = ResourceId::parse(it.key());
    if (!id) return Failure(std::move(id.error()));
    auto value = read(*it);
    if (!value) return wrap(std::move(value.error()), it.key());
    map.insert_or_assign(*std::move(id), *std::move(value));
  }
  return map;
}

template <class Map, class Write>
Json id_map_to_json(const Map& map, Write write) {
  Json json = Json::object();
  auto& members = json.get_ref<Json::object_t&>();
  for (const auto& [id, value] : map) members.emplace_back(id.to_string(), write(value));
  return json;
}

template <class List, class Write>
Json list_to_json(const List& list, Write write) {
  Json json = Json::array();
  for (const auto& element : list) json.push_back(write(element));
  return json;
}

/// As above, but an empty list is null.
template <class List, class Write>
Json list_or_null(const List& list, Write write) {
  return list.empty() ? Json(nullptr) : list_to_json(list, write);
}

/// Reads the members of one object: keys match without case, the last of equal ones wins, unknown ones are ignored,
/// null and absent give the zero value. Remembers the first thing that is wrong: read all members, then take done().
class ObjectReader {
 public:
  /// Null has no members; what else is not an object is an error.
  explicit ObjectReader(const Json& object);

  std::string text(std::string_view key);
  bool flag(std::string_view key);
  std::int64_t integer(std::string_view key);
  double number(std::string_view key);
  std::vector<std::string> texts(std::string_view key);
  std::map<std::string, std::string> text_map(std::string_view key);

  /// nullptr when absent or null.
  [[nodiscard]] const Json* find(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const { return member(object_, key) != nullptr; }

  template <class Read>
  ReadValue<Read> value(std::string_view key, Read read) {
    const auto* json = find(key);
    if (json == nullptr || error_) return {};
    auto result = read(*json);
    if (result) return *std::move(result);
    blame(key, std::move(result.error()));
    return {};
  }
  template <class Read>
  std::vector<ReadValue<Read>> list(std::string_view key, Read read) {
    return value(key, [&](const Json& json) { return list_from_json(json, read); });
  }
  template <class Read>
  std::map<ResourceId, ReadValue<Read>> id_map(std::string_view key, Read read) {
    return value(key, [&](const Json& json) { return id_map_from_json(json, read); });
  }

  /// `result` when nothing was wrong.
  template <class T>
  Result<T> done(T result) {
    if (error_) return Failure(*std::move(error_));
    return result;
  }

 private:
  void blame(std::string_view key, Error error);

  const Json& object_;
  std::optional<Error> error_;
};

}  // namespace flux
