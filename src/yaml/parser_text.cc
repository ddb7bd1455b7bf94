#include "yaml/parser_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/json.h"
#include "yaml/positions.h"

namespace flux::yaml {
namespace {

/// One second's work or so. Each colon costs going through all that is before it.
constexpr std::size_t kMostBytes = 64U << 20U;

/// Whether a colon could be one that libyaml refuses. JSON has none: there a quote stands before it.
bool has_suspicious_colon(std::string_view text) {
  for (auto at = text.find(':'); at != std::string_view::npos; at = text.find(':', at + 1)) {
    const char before = at > 0 ? text[at - 1] : '"';
    const char after = at + 1 < text.size() ? text[at + 1] : ' ';
    if (before != '"' && before != '\'' && std::string_view(",[]{}").find(after) != std::string_view::npos) return true;
  }
  return false;
}

/// The code point at which libyaml meets a colon that it takes for a mistake.
std::optional<std::size_t> refused_colon(std::string_view text) {
  yaml_parser_t parser{};
  if (yaml_parser_initialize(&parser) == 0) return std::nullopt;
  yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  std::optional<std::size_t> found;
  for (bool more = true; more;) {
    yaml_token_t token{};
    const bool read = yaml_parser_scan(&parser, &token) != 0;
    more = read && token.type != YAML_STREAM_END_TOKEN;
    if (read) yaml_token_delete(&token);
    if (!read && parser.problem && std::string_view(parser.problem) == "found unexpected ':'")
      found = parser.problem_mark.index;
  }
  yaml_parser_delete(&parser);
  return found;
}

/// The number of `\uXXXX` at the front; 0 where there is none.
unsigned escape_at_front(std::string_view text) {
  unsigned code = 0;
  if (text.size() < 6 || !text.starts_with("\\u")) return 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, code, 16);
  return error == std::errc() && end == text.data() + 6 ? code : 0;
}

bool is_first_half(unsigned code) { return code >= 0xD800 && code < 0xDC00; }
bool is_second_half(unsigned code) { return code >= 0xDC00 && code < 0xE000; }

bool says_nothing(std::string_view line) {
  if (line.starts_with("...")) line.remove_prefix(3);
  const auto first = line.find_first_not_of(" \r");
  return first == std::string_view::npos || line[first] == '#';
}

bool holds_documents(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (!says_nothing(text.substr(0, end))) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

}  // namespace

ParserText::ParserText(std::string_view text) : text_(text), has_documents_(holds_documents(text)) {
  if (has_suspicious_colon(text)) stand_in_for_colons();
  if (text.find("\\ud") != std::string_view::npos || text.find("\\uD") != std::string_view::npos) stand_in_for_halves();
}

/// One that stands for itself within a scalar, and that the text has not even as an escape of JSON.
char ParserText::unused_character() const {
  for (const char c : std::string_view("^;$=~+_|qzxjkvwyQZXJKVWY0123456789")) {
    const auto code = static_cast<unsigned>(c);
    const bool used = view().find(c) != std::string_view::npos ||
                      view().find(fmt::format("\\u{:04x}", code)) != std::string_view::npos ||
                      view().find(fmt::format("\\u{:04X}", code)) != std::string_view::npos;
    if (!used) return c;
  }
  return '\0';
}

void ParserText::stand_in_for_colons() {
  colon_ = unused_character();
  if (colon_ == '\0') return;
  std::string changed(text_);
  Positions positions(text_);
  std::size_t gone_through = 0;
  while (const auto code_point = refused_colon(changed)) {
    const auto byte = positions.byte_at(*code_point);
    gone_through += byte;
    // go-yaml ends a scalar at a question mark, too.
    const bool ends = byte + 1 >= changed.size() || changed[byte + 1] == '?';
    if (ends || changed[byte] != ':' || gone_through > kMostBytes) break;
    changed[byte] = colon_;
  }
  changed_ = std::move(changed);
}

void ParserText::stand_in_for_halves() {
  if (!parse_json(text_)) return;
  filler_ = unused_character();
  if (filler_ == '\0') return;
  std::string changed(text_);
  for (auto at = changed.find('\\'); at != std::string::npos; at = changed.find('\\', at)) {
    const auto rest = std::string_view(changed).substr(at);
    const auto first = escape_at_front(rest);
    const auto second = rest.size() > 6 ? escape_at_front(rest.substr(6)) : 0;
    if (!is_first_half(first) || !is_second_half(second)) {
      at += 2;
      continue;
    }
    const auto code = 0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00);
    const auto whole = fmt::format("\\U{:08x}{}{}", code, filler_, filler_);
    changed.replace(at, whole.size(), whole);
    at += whole.size();
  }
  changed_ = std::move(changed);
}

void ParserText::restore(yaml_event_t& scalar) const {
  auto& data = scalar.data.scalar;
  auto* const end = data.value + data.length;
  if (colon_ != '\0' && data.style == YAML_PLAIN_SCALAR_STYLE)
    std::replace(data.value, end, static_cast<yaml_char_t>(colon_), static_cast<yaml_char_t>(':'));
  if (filler_ != '\0' && data.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
    data.length =
        static_cast<std::size_t>(std::remove(data.value, end, static_cast<yaml_char_t>(filler_)) - data.value);
}

}  // namespace flux::yaml
