#include "base/json.h"

namespace flux {
namespace {

template <class Value>
std::optional<Value> parse(std::string_view text) {
  auto value = Value::parse(text, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

template <class Value>
std::string dump(const Value& json) {
  return json.dump(-1, ' ', false, Value::error_handler_t::replace);
}

}  // namespace

std::optional<Json> parse_json(std::string_view text) { return parse<Json>(text); }
std::optional<SortedJson> parse_sorted_json(std::string_view text) { return parse<SortedJson>(text); }
std::string dump_json(const Json& json) { return dump(json); }
std::string dump_json(const SortedJson& json) { return dump(json); }

}  // namespace flux
