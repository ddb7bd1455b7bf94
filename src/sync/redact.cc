#include "sync/redact.h"

#include <vector>

#include "base/base64.h"
#include "base/json.h"
#include "base/secret.h"

namespace flux::sync {
namespace {

std::vector<Secret> values_of(const Manifest& secret) {
  std::vector<Secret> values;
  const auto object = parse_sorted_json(secret.rest).value_or(nullptr);
  for (const auto* key : {"data", "stringData"}) {
    const auto entries = object.is_object() ? object.find(key) : object.end();
    if (entries == object.end()) continue;
    // Neither has to be a mapping: what is malformed is what gets quoted.
    for (const auto& entry : *entries) {
      auto text = entry.is_string() ? entry.get<std::string>() : dump_json(entry);
      if (auto decoded = decode_base64(text)) values.emplace_back(std::move(*decoded));
      values.emplace_back(std::move(text));
    }
  }
  return values;
}

}  // namespace

std::string redact_values(std::string message, const Manifest& manifest) {
  if (manifest.type.kind != "Secret") return message;
  return scrub(std::move(message), values_of(manifest));
}

}  // namespace flux::sync
