#include "yaml/scalar.h"

#include <algorithm>
#include <limits>
#include <string>

#include "base/ascii.h"
#include "yaml/number.h"
#include "yaml/timestamp.h"

namespace flux::yaml {
namespace {

std::string_view digits(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  const auto found = text.substr(0, count);
  text.remove_prefix(count);
  return found;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// `word` in lower case, Capitalised or UPPER case.
bool spells(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (!equal_ignoring_case(text, word)) return false;
  const auto capitals = std::ranges::count_if(text, is_upper);
  return capitals == 0 || (capitals == 1 && is_upper(text[0])) || static_cast<std::size_t>(capitals) == text.size();
}

Meaning null() { return {Kind::null, {}}; }
Meaning boolean(bool value) { return {Kind::boolean, {.boolean = value}}; }
Meaning real(double value) { return {Kind::real, {.real = value}}; }
Meaning integer(std::int64_t value) { return {Kind::integer, {.integer = value}}; }
Meaning natural(std::uint64_t value) { return {Kind::natural, {.natural = value}}; }

Meaning word(std::string_view text) {
  if (text.size() > 5) return {};
  switch (text[0] | 0x20) {
    case 'y':
      if (text.size() == 1 || spells(text, "yes")) return boolean(true);
      break;
    case 'n':
      if (text.size() == 1 || spells(text, "no")) return boolean(false);
      if (spells(text, "null")) return null();
      break;
    case 't':
      if (spells(text, "true")) return boolean(true);
      break;
    case 'f':
      if (spells(text, "false")) return boolean(false);
      break;
    case 'o':
      if (spells(text, "on")) return boolean(true);
      if (spells(text, "off")) return boolean(false);
      break;
    case '~':
      if (text.size() == 1) return null();
      break;
    default:
      break;
  }
  return {};
}

/// `.inf` and `.nan`, whose inner spellings are .inf .Inf .INF and .nan .NaN .NAN.
bool special_real(std::string_view text, Meaning& meaning) {
  const bool negative = text.starts_with('-');
  const bool is_signed = take(text, "+-");
  if (text == ".inf" || text == ".Inf" || text == ".INF") {
    const auto infinity = std::numeric_limits<double>::infinity();
    meaning = real(negative ? -infinity : infinity);
    return true;
  }
  if (is_signed || (text != ".nan" && text != ".NaN" && text != ".NAN")) return false;
  meaning = real(std::numeric_limits<double>::quiet_NaN());
  return true;
}

bool is_decimal(std::string_view text) {
  take(text, "+-");
  const bool whole = !digits(text).empty();
  bool fraction = false;
  if (take(text, ".")) fraction = !digits(text).empty();
  if (!whole && !fraction) return false;
  if (take(text, "eE")) {
    take(text, "+-");
    if (digits(text).empty()) return false;
  }
  return text.empty();
}

/// Underscores between digits, which is where Go's own float parser allows them.
bool underscores_separate_digits(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '_' && (i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]) || !is_digit(text[i + 1])))
      return false;
  return true;
}

std::string without_underscores(std::string_view text) {
  std::string out(text);
  std::erase(out, '_');
  return out;
}

Meaning number(std::string_view text) {
  if (const auto value = parse_integer(text, 0)) return integer(*value);
  if (const auto value = parse_natural(text, 0)) return natural(*value);
  if (is_decimal(text))
    if (const auto value = parse_decimal(text)) return real(*value);
  // Only what has a second sign (`0b-1`) gets here and is a number all the same.
  if (text.starts_with("0b"))
    if (const auto value = parse_integer(text.substr(2), 2)) return integer(*value);
  return {};
}

Meaning number_or_date(std::string_view text, bool plain) {
  Meaning meaning;
  if (special_real(text, meaning)) return meaning;
  if (plain && is_timestamp(text)) {
    meaning.timestamp = true;
    return meaning;
  }
  // Most strings that start with a digit or a dash have a letter or another sign soon: sizes, names, addresses.
  if (text.find_first_not_of("0123456789+-.eE_xXoObBaAcCdDfF") != std::string_view::npos) return {};
  if (text.find('_') != std::string_view::npos) return number(without_underscores(text));
  return number(text);
}

Meaning fraction(std::string_view text) {
  Meaning meaning;
  if (special_real(text, meaning)) return meaning;
  if (text.size() < 2 || text.find_first_not_of("0123456789.eE+-_") != std::string_view::npos) return {};
  std::string plain;
  if (text.find('_') != std::string_view::npos) {
    if (!underscores_separate_digits(text)) return {};
    plain = without_underscores(text);
    text = plain;
  }
  if (is_decimal(text))
    if (const auto value = parse_decimal(text)) return real(*value);
  return {};
}

Meaning meaning_of(std::string_view text, bool dates) {
  if (text.empty()) return null();
  switch (text[0]) {
    case 'y':
    case 'Y':
    case 'n':
    case 'N':
    case 't':
    case 'T':
    case 'f':
    case 'F':
    case 'o':
    case 'O':
    case '~':
      return word(text);
    case '.':
      return fraction(text);
    case '+':
    case '-':
      return number_or_date(text, dates);
    default:
      return is_digit(text[0]) ? number_or_date(text, dates) : Meaning{};
  }
}

/// `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`
bool is_base60(std::string_view text) {
  take(text, "+-");
  if (digits(text).empty()) return false;
  while (!text.empty() && (is_digit(text[0]) || text[0] == '_')) text.remove_prefix(1);
  int groups = 0;
  while (take(text, ":")) {
    const auto group = digits(text);
    if (group.empty() || group.size() > 2 || (group.size() == 2 && group[0] > '5')) return false;
    ++groups;
  }
  if (groups == 0) return false;
  if (take(text, "."))
    while (!text.empty() && (is_digit(text[0]) || text[0] == '_')) text.remove_prefix(1);
  return text.empty();
}

}  // namespace

Meaning resolve(std::string_view text) { return meaning_of(text, /*dates=*/true); }

bool resolve_as(std::string_view name, std::string_view text, Meaning& meaning) {
  meaning = meaning_of(text, /*dates=*/name == "timestamp");
  if (name == "bool") return meaning.kind == Kind::boolean;
  if (name == "int") return meaning.kind == Kind::integer || meaning.kind == Kind::natural;
  if (name == "null") return meaning.kind == Kind::null;
  if (name == "timestamp") return meaning.timestamp;
  if (meaning.kind == Kind::integer) meaning = real(static_cast<double>(meaning.value.integer));
  return meaning.kind == Kind::real;
}

bool looks_typed(std::string_view text) {
  const auto meaning = resolve(text);
  if (meaning.kind != Kind::string || meaning.timestamp) return true;
  const char first = text[0];
  if (first != '+' && first != '-' && !is_digit(first)) return false;
  return text.find(':') != std::string_view::npos && is_base60(text);
}

}  // namespace flux::yaml
