#include "yaml/edit/quoting.h"

#include <fmt/format.h>

#include <iterator>

#include "yaml/scalar.h"
#include "yaml/text_shape.h"

namespace flux::yaml {
namespace {

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return at;
}

/// Decimal numbers of any size: readers differ in what they do beyond a double, such as 12e3456.
bool looks_decimal(std::string_view text) {
  std::size_t at = text.starts_with('+') || text.starts_with('-') ? 1 : 0;
  const auto whole = skip_digits(text, at);
  auto end = whole;
  if (end < text.size() && text[end] == '.') end = skip_digits(text, end + 1);
  if (end - at <= (end > whole ? 1U : 0U)) return false;
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    at = end + 1;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    end = skip_digits(text, at);
    if (end == at) return false;
  }
  return end == text.size();
}

/// `2024-07-01`, alone or with a time after it. More than go-yaml takes for one.
bool looks_like_date(std::string_view text) {
  auto at = skip_digits(text, 0);
  if (at != 4) return false;
  for (int part = 0; part < 2; ++part) {
    if (at >= text.size() || text[at] != '-') return false;
    const auto end = skip_digits(text, at + 1);
    if (end == at + 1 || end > at + 3) return false;
    at = end;
  }
  if (at == text.size()) return true;
  if (text[at] != 'T' && text[at] != 't' && text[at] != ' ') return false;
  at = text.find_first_not_of(' ', at + 1);
  return at != std::string_view::npos && skip_digits(text, at) < text.size() && text[skip_digits(text, at)] == ':';
}

std::string in_single_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + '\'';
}

/// JSON's escapes, which are YAML's as well.
std::string in_double_quotes(std::string_view text) {
  constexpr std::string_view kCodes = "\"\\\b\f\n\r\t";
  constexpr std::string_view kNames = "\"\\bfnrt";
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const auto size = character_size(text[i]);
    const auto character = text.substr(i, size);
    if (const auto named = kCodes.find(text[i]); named != std::string_view::npos)
      out.append(1, '\\').append(1, kNames[named]);
    else if (size == 4 || (is_printable(character) && break_size(character) == 0))
      out += character;
    else if (size == 1)
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(text[i]));
    else if (size == 2)
      fmt::format_to(
          std::back_inserter(out), "\\u{:04x}",
          (static_cast<unsigned char>(text[i]) & 0x1FU) << 6U | (static_cast<unsigned char>(text[i + 1]) & 0x3FU));
    else
      fmt::format_to(std::back_inserter(out), "\\u{:04x}",
                     (static_cast<unsigned char>(text[i]) & 0x0FU) << 12U |
                         (static_cast<unsigned char>(text[i + 1]) & 0x3FU) << 6U |
                         (static_cast<unsigned char>(text[i + 2]) & 0x3FU));
    i += size;
  }
  return out + '"';
}

}  // namespace

bool is_safe_plain(std::string_view text, bool in_flow) {
  if (text.empty() || text == "=" || text == "<<" || !shape_of(text).plain) return false;
  if (std::string_view("?:").find(text.front()) != std::string_view::npos) return false;
  if (in_flow && text.find_first_of(",[]{}?") != std::string_view::npos) return false;
  return !looks_typed(text) && !looks_decimal(text) && !looks_like_date(text);
}

std::string quoted(std::string_view text, Style style, bool in_flow) {
  const bool plain = style != Style::single_quoted && style != Style::double_quoted;
  if (plain && is_safe_plain(text, in_flow)) return std::string(text);
  const auto shape = shape_of(text);
  if (style != Style::double_quoted && shape.single_quoted && !shape.multi_line) return in_single_quotes(text);
  return in_double_quotes(text);
}

}  // namespace flux::yaml
