#include "yaml/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>
#include <vector>

#include "base/utf8.h"
#include "yaml/number.h"

namespace flux::yaml {
namespace {

Error refuse(Node node, std::string_view what) {
  return {ErrorKind::user, fmt::format("yaml: line {}: {}", node.line(), what), {}};
}

constexpr std::array<bool, 256> kUnescaped = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0x20; c < table.size(); ++c) table[c] = c != '"' && c != '\\' && c != 0xE2;
  return table;
}();

void append_escape(std::string& out, char c) {
  constexpr std::string_view kCodes = "\b\f\n\r\t\"\\";
  constexpr std::string_view kNames = "bfnrt\"\\";
  if (const auto at = kCodes.find(c); at != std::string_view::npos)
    out.append(1, '\\').append(1, kNames[at]);
  else
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto end = std::ranges::find_if_not(text, [](char c) { return kUnescaped[static_cast<unsigned char>(c)]; });
    const auto length = static_cast<std::size_t>(end - text.begin());
    out.append(text.substr(0, length));
    text.remove_prefix(length);
    if (text.empty()) break;
    // Go escapes these two line separators, because JavaScript once ended lines there.
    if (text.starts_with("\u2028") || text.starts_with("\u2029")) {
      out.append("\\u202").append(1, text[2] == '\xA8' ? '8' : '9');
      text.remove_prefix(3);
    } else if (text[0] == '\xE2') {
      out += text[0];
      text.remove_prefix(1);
    } else {
      append_escape(out, text[0]);
      text.remove_prefix(1);
    }
  }
  out += '"';
}

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Result<void> write(Node root, std::span<const std::string_view> without) {
    if (auto error = node(root)) return Failure(std::move(*error));
    if (!open_.empty() && !without.empty()) skip(open_.back(), without);
    while (!open_.empty()) {
      auto& top = open_.back();
      if (top.at == top.node.size()) {
        out_ += top.node.is_sequence() ? ']' : '}';
        open_.pop_back();
      } else if (auto error = step(top)) {
        return Failure(std::move(*error));
      }
    }
    return {};
  }

 private:
  struct Open {
    Node node;
    std::size_t at = 0;
    bool started = false;
    std::vector<bool> hidden = {};  ///< entries that are not written; empty when all are
  };

  /// Nothing, or what is wrong with the next child. `top` does not survive it.
  std::optional<Error> step(Open& top) {
    const auto index = top.at++;
    if (!top.hidden.empty() && top.hidden[index]) return std::nullopt;
    if (top.started) out_ += ',';
    top.started = true;
    if (top.node.is_sequence()) return node(top.node.item(index));
    const auto entry = top.node.entry(index);
    if (auto error = key(entry.key)) return error;
    return node(entry.value);
  }

  std::optional<Error> key(Node name) {
    if (name.is_null()) return refuse(name, "a null cannot be a key of an object");
    if (name.is_string()) {
      if (!is_text(name)) return refuse(name, "the key is not valid UTF-8");
      append_string(out_, name.text());
    } else {
      append_string(out_, key_text(name));
    }
    out_ += ':';
    return std::nullopt;
  }

  std::optional<Error> node(Node value) {
    switch (value.kind()) {
      case Kind::null:
        out_ += "null";
        return std::nullopt;
      case Kind::real:
        if (!std::isfinite(value.real()))
          return refuse(value, fmt::format("{} cannot be written as JSON", scalar_text(value)));
        append_json_number(out_, value.real());
        return std::nullopt;
      case Kind::string:
        if (!is_text(value)) return refuse(value, "the !!binary value is not valid UTF-8");
        append_string(out_, value.text());
        return std::nullopt;
      case Kind::sequence:
      case Kind::mapping:
        out_ += value.is_sequence() ? '[' : '{';
        open_.push_back({value});
        if (value.is_mapping()) hide_repeated(open_.back());
        return std::nullopt;
      default:
        out_ += scalar_text(value);
        return std::nullopt;
    }
  }

  static bool is_text(Node node) { return !node.is_binary() || is_utf8(node.text()); }

  static std::string key_text(Node name) {
    if (name.kind() != Kind::real) return scalar_text(name);
    std::string out;
    append_general(out, static_cast<float>(name.real()));  // Kubernetes tools print keys with single precision
    return out;
  }

  /// `1:` and `"1":` are two keys in YAML and one in JSON.
  static void hide_repeated(Open& open) {
    const auto& node = open.node;
    bool all_strings = true;
    for (std::size_t i = 0; i < node.size() && all_strings; ++i) all_strings = node.entry(i).key.is_string();
    if (all_strings) return;
    std::unordered_map<std::string, std::size_t> seen;
    open.hidden.resize(node.size());
    for (std::size_t i = 0; i < node.size(); ++i) {
      const auto name = node.entry(i).key;
      const auto [known, fresh] = seen.try_emplace(name.is_string() ? std::string(name.text()) : key_text(name), i);
      if (fresh) continue;
      const bool later = node.entry(known->second).key.identity() < name.identity();
      open.hidden[later ? known->second : i] = true;
      if (later) known->second = i;
    }
  }

  static void skip(Open& open, std::span<const std::string_view> without) {
    open.hidden.resize(open.node.size());
    for (std::size_t i = 0; i < open.node.size(); ++i) {
      const auto name = open.node.entry(i).key;
      if (name.is_string() && std::ranges::find(without, name.text()) != without.end()) open.hidden[i] = true;
    }
  }

  std::string& out_;
  std::vector<Open> open_;
};

}  // namespace

Result<std::string> to_json(Node node) { return to_json_without(node, {}); }

Result<std::string> to_json_without(Node mapping, std::span<const std::string_view> without) {
  std::string out;
  if (auto done = Writer(out).write(mapping, without); !done) return Failure(std::move(done.error()));
  return out;
}

std::string scalar_text(Node scalar) {
  std::string out;
  switch (scalar.kind()) {
    case Kind::boolean:
      return scalar.boolean() ? "true" : "false";
    case Kind::integer:
      return std::to_string(scalar.integer());
    case Kind::natural:
      return std::to_string(scalar.natural());
    case Kind::real:
      append_general(out, scalar.real());
      return out;
    case Kind::string:
      return std::string(scalar.text());
    default:
      return out;
  }
}

}  // namespace flux::yaml
