#include "base/json_for_yaml.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace flux {
namespace {

/// With its quotes, and counted in bytes, which are at least as many as the characters that YAML counts.
constexpr std::size_t kMaxKey = 1024;

/// Past the quote that ends the string which begins at `at`.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at)
    if (json[at] == '\\') ++at;
  return std::min(at + 1, json.size());
}

struct Character {
  char32_t code = 0;  ///< 0: may stay as it is
  std::size_t size = 1;
};

/// Whether `text`, whose first byte may begin a character that YAML reads otherwise, does begin with one.
Character odd_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  if (byte(0) == 0x7F) return {0x7F, 1};
  if (byte(0) == 0xC2 && byte(1) < 0xA0) return {byte(1), 2};
  if (byte(0) == 0xE2 && byte(1) == 0x80 && (byte(2) | 1U) == 0xA9) return {0x2000U | (byte(2) & 0x3FU), 3};
  if (byte(0) == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF) return {0xFEFF, 3};
  if (byte(0) == 0xEF && byte(1) == 0xBF && byte(2) >= 0xBE) return {0xFF00U | 0xC0U | (byte(2) & 0x3FU), 3};
  return {};
}

constexpr std::array<bool, 256> kMayBeOdd = [] {
  std::array<bool, 256> table{};
  for (const auto first : {0x7F, 0xC2, 0xE2, 0xEF}) table[static_cast<std::size_t>(first)] = true;
  return table;
}();

void append_string(std::string& out, std::string_view text) {
  while (true) {
    const auto odd = std::ranges::find_if(text, [](char c) { return kMayBeOdd[static_cast<unsigned char>(c)]; });
    out.append(text.begin(), odd);
    text.remove_prefix(static_cast<std::size_t>(odd - text.begin()));
    if (text.empty()) return;
    const auto [code, size] = odd_character(text);
    if (code == 0)
      out += text[0];
    else
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(code));
    text.remove_prefix(size);
  }
}

}  // namespace

std::string json_for_yaml(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  while (!json.empty()) {
    const auto quote = std::min(json.find('"'), json.size());
    out.append(json.substr(0, quote));
    json.remove_prefix(quote);
    if (json.empty()) break;
    const auto end = end_of_string(json, 0);
    const auto start = out.size();
    append_string(out, json.substr(0, end));
    json.remove_prefix(end);
    if (json.starts_with(':') && out.size() - start > kMaxKey) out.insert(start, "? ");
  }
  return out;
}

}  // namespace flux
