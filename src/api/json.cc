#include "api/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/utf8.h"

namespace flux::api {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same_but_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string escape_byte(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  if (static_cast<unsigned char>(c) < ' ' || c == '<' || c == '>' || c == '&')
    return fmt::format("\\u{:04x}", static_cast<unsigned>(c));
  return {c};
}

void encode_string(std::string& out, std::string_view text) {
  const auto valid = replace_invalid_utf8(text);
  out += '"';
  for (std::size_t at = 0; at < valid.size(); ++at) {
    const auto rest = std::string_view(valid).substr(at, 3);
    if (rest == "\xE2\x80\xA8" || rest == "\xE2\x80\xA9") {
      out += rest.back() == '\xA8' ? "\\u2028" : "\\u2029";
      at += 2;
    } else {
      out += escape_byte(valid[at]);
    }
  }
  out += '"';
}

void encode_into(std::string& out, const Json& json) {
  if (json.is_string()) return encode_string(out, json.get_ref<const std::string&>());
  if (!json.is_structured()) {
    out += json.dump();
    return;
  }
  const bool is_object = json.is_object();
  out += is_object ? '{' : '[';
  bool first = true;
  for (const auto& item : json.items()) {
    if (!std::exchange(first, false)) out += ',';
    if (is_object) {
      encode_string(out, item.key());
      out += ':';
    }
    encode_into(out, item.value());
  }
  out += is_object ? '}' : ']';
}

Failure malformed(std::string message) {
  return fail(ErrorKind::user, std::move(message), "The body of this request must be one JSON value.");
}

}  // namespace

std::string encode(const Json& json) {
  std::string out;
  encode_into(out, json);
  return out;
}

Result<Json> decode(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return malformed("the request has no body");
  // The stream form of the parser stops after one value, as Go's decoder does.
  std::istringstream in{std::string(text)};
  Json json;
  try {
    in >> json;
  } catch (const Json::parse_error& error) {
    return malformed(fmt::format("the request body is not valid JSON (at byte {})", error.byte));
  } catch (const Json::exception&) {
    return malformed("the request body is not valid JSON");
  }
  return json;
}

const Json* member(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const Json* found = nullptr;
  for (auto it = object.begin(); it != object.end(); ++it)
    if (same_but_case(it.key(), key)) found = &*it;
  return found;
}

Result<std::string> string_member(const Json& object, std::string_view key) {
  const auto* value = member(object, key);
  if (value == nullptr || value->is_null()) return std::string{};
  if (!value->is_string())
    return fail(ErrorKind::user, fmt::format("{} must be a string, not {}", key, value->type_name()));
  return value->get<std::string>();
}

}  // namespace flux::api
