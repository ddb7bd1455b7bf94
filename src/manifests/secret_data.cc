#include "manifests/secret_data.h"

#include <algorithm>

#include "base/base64.h"
#include "base/json.h"

namespace flux::manifests {
namespace {

bool is_text_map(const Json& value) {
  return value.is_null() ||
         (value.is_object() && std::ranges::all_of(value, [](const Json& entry) { return entry.is_string(); }));
}

}  // namespace

std::string with_data_only(std::string secret) {
  auto object = parse_json(secret).value_or(nullptr);
  if (!object.is_object() || !object.contains("stringData")) return secret;
  const auto plain = object["stringData"];
  auto data = object.value("data", Json());
  if (!is_text_map(plain) || !is_text_map(data)) return secret;
  object.erase("stringData");
  for (const auto& [key, value] : plain.items()) data[key] = encode_base64(value.get_ref<const std::string&>());
  if (!data.is_null()) object["data"] = std::move(data);
  return dump_json(object);
}

}  // namespace flux::manifests
