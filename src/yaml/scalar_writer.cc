#include "yaml/scalar_writer.h"

#include <algorithm>

#include "yaml/scalar.h"
#include "yaml/text_shape.h"

namespace flux::yaml {
namespace {

/// A line may be broken at the first space beyond this column.
constexpr int kWidth = 80;

bool is_space(std::string_view text, std::size_t i) { return i < text.size() && text[i] == ' '; }

/// Nothing can be folded when even the last character lies within the width.
bool fits(const Page& page, std::string_view text) {
  return static_cast<std::size_t>(page.column()) + text.size() <= kWidth;
}

void write_plain(Page& page, std::string_view text, int indent, bool fold) {
  page.space();
  if (!fold || fits(page, text)) {
    page.put(text);
  } else {
    for (std::size_t i = 0; i < text.size();) {
      const auto end = std::min(text.find(' ', i), text.size());
      page.put(text.substr(i, end - i));
      i = end;
      if (i == text.size()) break;
      const auto after = std::min(text.find_first_not_of(' ', i), text.size());
      if (after == i + 1 && page.column() > kWidth)
        page.line(indent);
      else
        page.put(text.substr(i, after - i));
      page.touch();
      i = after;
    }
  }
  page.end_scalar();
}

void write_single_quoted(Page& page, std::string_view text, int indent, bool fold) {
  page.indicator("'", true);
  bool after_space = false;
  bool after_break = false;
  for (std::size_t i = 0; i < text.size();) {
    const auto brk = break_size(text.substr(i));
    if (text[i] == ' ') {
      const bool inner = i > 0 && i + 1 < text.size();
      if (fold && !after_space && page.column() > kWidth && inner && !is_space(text, i + 1))
        page.line(indent);
      else
        page.put(' ');
      after_space = true;
      ++i;
    } else if (brk > 0) {
      if (!after_break && text[i] == '\n') page.newline();
      page.text_break(text.substr(i, brk));
      after_break = true;
      i += brk;
    } else {
      if (after_break) page.line(indent);
      if (text[i] == '\'') page.put('\'');
      const auto size = character_size(text[i]);
      page.put(text.substr(i, size));
      page.touch();
      after_space = after_break = false;
      i += size;
    }
  }
  page.indicator("'", false);
}

char32_t code_point(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  char32_t code = character.size() == 1 ? lead : lead & (0x7FU >> character.size());
  for (const char c : character.substr(1)) code = code << 6U | (static_cast<unsigned char>(c) & 0x3FU);
  return code;
}

void write_escape(Page& page, char32_t code) {
  using namespace std::string_view_literals;
  constexpr std::u32string_view kCodes = U"\x00\x07\x08\x09\x0A\x0B\x0C\x0D\x1B\x22\x5C\x85\xA0\u2028\u2029"sv;
  constexpr std::string_view kNames = "0abtnvfre\"\\N_LP";
  page.put('\\');
  if (const auto named = kCodes.find(code); named != std::u32string_view::npos) {
    page.put(kNames[named]);
    return;
  }
  const int digits = code <= 0xFF ? 2 : code <= 0xFFFF ? 4 : 8;
  page.put(digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) page.put("0123456789ABCDEF"[code >> shift & 0xFU]);
}

void write_double_quoted(Page& page, std::string_view text, int indent, bool fold) {
  page.indicator("\"", true);
  // The original asks at each character whether the text starts with a byte order mark.
  const bool escape_all = text.starts_with("\xEF\xBB\xBF");
  bool after_space = false;
  for (std::size_t i = 0; i < text.size();) {
    const auto rest = text.substr(i);
    const auto size = character_size(text[i]);
    if (escape_all || text[i] == '"' || text[i] == '\\' || !is_printable(rest) || break_size(rest) > 0) {
      write_escape(page, code_point(text.substr(i, size)));
      after_space = false;
    } else if (text[i] == ' ') {
      if (fold && !after_space && page.column() > kWidth && i > 0 && i + 1 < text.size()) {
        page.line(indent);
        if (is_space(text, i + 1)) page.put('\\');
      } else {
        page.put(' ');
      }
      after_space = true;
    } else {
      page.put(text.substr(i, size));
      after_space = false;
    }
    i += size;
  }
  page.indicator("\"", false);
}

/// `+` keeps trailing line breaks, `-` says that there is none.
std::string_view chomping(std::string_view text) {
  const auto before_last = [](std::string_view t) {
    auto at = t.size() - 1;
    while ((static_cast<unsigned char>(t[at]) & 0xC0U) == 0x80) --at;
    return at;
  };
  const auto last = before_last(text);
  if (break_size(text.substr(last)) == 0) return "-";
  if (last == 0) return "+";
  return break_size(text.substr(before_last(text.substr(0, last)))) > 0 ? "+" : "";
}

void write_literal(Page& page, std::string_view text, int indent) {
  page.indicator("|", true);
  if (text[0] == ' ' || break_size(text) > 0) page.indicator("2", false);
  page.indicator(chomping(text), false);
  page.newline();
  page.begin_block();
  bool after_break = true;
  for (std::size_t i = 0; i < text.size();) {
    if (const auto brk = break_size(text.substr(i))) {
      page.text_break(text.substr(i, brk));
      after_break = true;
      i += brk;
      continue;
    }
    if (after_break) page.line(indent);
    const auto end = std::min(text.find_first_of("\n\r\xC2\xE2", i + 1), text.size());
    page.put(text.substr(i, end - i));
    page.touch();
    after_break = false;
    i = end;
  }
}

}  // namespace

void Page::line(int indent) {
  if (!indented_ || column_ > indent || (column_ == indent && !spaced_)) newline();
  if (column_ < indent) out_.append(static_cast<std::size_t>(indent - column_), ' ');
  column_ = std::max(column_, indent);
  spaced_ = indented_ = true;
}

void Page::compact(char c) {
  space();
  put(c);
  spaced_ = false;
}

void Page::indicator(std::string_view text, bool spaced) {
  if (spaced) space();
  put(text);
  end_scalar();
}

void Page::space() {
  if (!spaced_) put(' ');
}

void Page::put(std::string_view text) {
  out_ += text;
  column_ += static_cast<int>(std::ranges::count_if(text, [](char c) { return static_cast<signed char>(c) >= -64; }));
}

void Page::newline() {
  out_ += '\n';
  column_ = 0;
}

void Page::text_break(std::string_view brk) {
  out_ += brk;
  column_ = 0;
  indented_ = true;
}

void write_string(Page& page, std::string_view text, int indent, bool key, bool binary) {
  const auto shape = shape_of(text);
  if (text.find('\n') != std::string_view::npos && shape.literal && !key)
    write_literal(page, text, indent);
  else if (text.find('\n') == std::string_view::npos && (binary || !looks_typed(text)) && shape.plain)
    write_plain(page, text, indent, !key);
  else if (text.find('\n') == std::string_view::npos && (binary || !looks_typed(text)) && shape.single_quoted)
    write_single_quoted(page, text, indent, !key);
  else
    write_double_quoted(page, text, indent, !key);
}

}  // namespace flux::yaml
