#include "model/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/ascii.h"
#include "base/json.h"
#include "base/utf8.h"

namespace flux {
namespace {

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
    out += dump_json(json);
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

/// Builds the value itself, because the library's own builder looks each key of an object up among all before it: a
/// body of a few megabytes could keep a thread busy for hours.
class Builder : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& value) override {
    levels_.back().key = std::move(value);
    return true;
  }
  bool parse_error(std::size_t byte, const std::string&, const nlohmann::detail::exception&) override {
    bad_byte = byte;
    return false;
  }

  Json root;
  std::optional<std::size_t> bad_byte;
  bool too_deep = false;

 private:
  struct Level {
    Json value;
    std::string key{};
  };

  bool add(Json value) {
    if (levels_.empty()) {
      root = std::move(value);
    } else if (auto& [parent, key] = levels_.back(); parent.is_object()) {
      parent.get_ref<Json::object_t&>().emplace_back(std::move(key), std::move(value));
    } else {
      parent.get_ref<Json::array_t&>().push_back(std::move(value));
    }
    return true;
  }
  bool open(Json container) {
    too_deep = levels_.size() >= static_cast<std::size_t>(kMaxJsonDepth);
    if (!too_deep) levels_.push_back({std::move(container)});
    return !too_deep;
  }
  bool close() {
    auto value = std::move(levels_.back().value);
    levels_.pop_back();
    return add(std::move(value));
  }

  std::vector<Level> levels_;
};

Failure not_json(std::string message) {
  return fail(ErrorKind::user, std::move(message), "It must hold one JSON value of the shape that belongs there.");
}

}  // namespace

std::string encode_json(const Json& json) {
  std::string out;
  encode_into(out, json);
  return out;
}

Result<Json> decode_json(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return not_json("there is no JSON, the body is empty");
  const auto valid = replace_invalid_utf8(text);
  Builder builder;
  constexpr bool kWholeText = false;
  if (Json::sax_parse(valid.begin(), valid.end(), &builder, Json::input_format_t::json, kWholeText))
    return std::move(builder.root);
  if (builder.too_deep) return not_json(fmt::format("JSON nested deeper than {} levels", kMaxJsonDepth));
  return not_json(fmt::format("not valid JSON (at byte {})", builder.bad_byte.value_or(0)));
}

const Json* member(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const Json* found = nullptr;
  for (auto it = object.begin(); it != object.end(); ++it)
    if (equal_ignoring_case(it.key(), key)) found = &*it;
  return found;
}

Failure wrong_type(std::string_view what, std::string_view wanted, const Json& found) {
  return fail(ErrorKind::user, fmt::format("{} must be {}, not {}", what, wanted, found.type_name()));
}

}  // namespace flux
