#include "sandbox/normalise.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/json.h"

namespace flux::sandbox {

namespace {

bool is_zero(const Json& value) {
  return value == false || (value.is_number() && value == 0) ||
         (value.is_string() && value.get_ref<const std::string&>().empty());
}

bool is_absent(const Json& value, const Type::Field& field) {
  if (value.is_null()) return true;
  if (field.drops_zero) return is_zero(value);
  if (field.keeps_empty || field.type->is_struct() || field.type->form == Type::Form::any) return false;
  return (value.is_array() || value.is_object()) && value.empty();
}

void normalise_object(Json& value, const Type& type, const std::string& path, std::vector<std::string>& unknown) {
  for (auto entry = value.begin(); entry != value.end();) {
    const auto* member = type.member(entry.key());
    const auto inner = path.empty() ? entry.key() : path + "." + entry.key();
    if (member == nullptr) {
      unknown.push_back(inner);
      entry = value.erase(entry);
      continue;
    }
    normalise(entry.value(), *member, inner, unknown);
    const auto field = type.fields.find(entry.key());
    const bool drop = field == type.fields.end()
                          ? entry->is_null() && type.form == Type::Form::object && !type.keeps_unknown
                          : is_absent(*entry, field->second);
    entry = drop ? value.erase(entry) : std::next(entry);
  }
  for (const auto& [name, field] : type.fields) {
    if (field.always && !value.contains(name)) normalise(value[name] = Json::object(), *field.type, name, unknown);
  }
}

/// Decimal digits with an exponent of ten, or with a binary suffix: `number * 10^exponent * 1024^binary`.
__extension__ using Wide = unsigned __int128;

struct Quantity {
  bool negative = false;
  Wide number = 0;
  int exponent = 0;
  int binary = 0;
};

constexpr std::string_view binary_suffixes = "KMGTPE";

bool read_suffix(std::string_view text, Quantity& out) {
  constexpr std::string_view decimal = "numkMGTPE";
  if (text.empty()) return true;
  if (text.size() == 2 && text[1] == 'i') {
    const auto at = binary_suffixes.find(text[0]);
    out.binary = static_cast<int>(at) + 1;
    return at != std::string_view::npos;
  }
  if (text.size() == 1 && decimal.find(text[0]) != std::string_view::npos) {
    constexpr int exponents[] = {-9, -6, -3, 3, 6, 9, 12, 15, 18};
    out.exponent += exponents[decimal.find(text[0])];
    return true;
  }
  if (text[0] != 'e' && text[0] != 'E') return false;
  int power = 0;
  const auto* first = text.data() + (text.size() > 1 && text[1] == '+' ? 2 : 1);
  const auto [end, error] = std::from_chars(first, text.data() + text.size(), power);
  out.exponent += power;
  return error == std::errc() && end == text.data() + text.size();
}

bool read_quantity(std::string_view text, Quantity& out) {
  if (text.starts_with('-') || text.starts_with('+')) {
    out.negative = text.starts_with('-');
    text.remove_prefix(1);
  }
  std::size_t at = 0;
  std::size_t digits = 0;
  bool fraction = false;
  for (; at < text.size() && (std::isdigit(static_cast<unsigned char>(text[at])) || (text[at] == '.' && !fraction));
       ++at) {
    if (text[at] == '.') {
      fraction = true;
      continue;
    }
    out.number = out.number * 10 + static_cast<unsigned>(text[at] - '0');
    out.exponent -= fraction ? 1 : 0;
    if (++digits > 24) return false;
  }
  return digits > 0 && read_suffix(text.substr(at), out);
}

std::string digits_of(Wide number) {
  std::string out;
  do out.insert(out.begin(), static_cast<char>('0' + static_cast<int>(number % 10)));
  while ((number /= 10) != 0);
  return out;
}

}  // namespace

std::string canonical_quantity(std::string_view text) {
  Quantity quantity;
  if (!read_quantity(text, quantity)) return std::string(text);
  if (quantity.number == 0) return "0";
  const std::string sign = quantity.negative ? "-" : "";
  if (quantity.binary > 0) {
    if (quantity.exponent < 0) return std::string(text);
    while (quantity.binary < 6 && quantity.number % 1024 == 0) quantity.number /= 1024, ++quantity.binary;
    return sign + digits_of(quantity.number) + binary_suffixes[static_cast<std::size_t>(quantity.binary) - 1] + "i";
  }
  while (quantity.number % 10 == 0) quantity.number /= 10, ++quantity.exponent;
  while (quantity.exponent % 3 != 0) quantity.number *= 10, --quantity.exponent;
  if (quantity.exponent < -9 || quantity.exponent > 18) return std::string(text);
  constexpr const char* names[] = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
  return sign + digits_of(quantity.number) + names[quantity.exponent / 3 + 3];
}

void normalise(Json& value, const Type& type, const std::string& path, std::vector<std::string>& unknown) {
  if (value.is_object() && (type.form == Type::Form::object || type.form == Type::Form::any)) {
    if (type.form == Type::Form::object) normalise_object(value, type, path, unknown);
  } else if (value.is_array() && type.form == Type::Form::list && type.item != nullptr) {
    for (std::size_t i = 0; i < value.size(); ++i)
      normalise(value[i], *type.item, path + "[" + std::to_string(i) + "]", unknown);
  } else if (type.form == Type::Form::quantity && value.is_string()) {
    value = canonical_quantity(value.get_ref<const std::string&>());
  } else if (type.form == Type::Form::quantity && value.is_number()) {
    value = canonical_quantity(dump_json(value));
  }
}

}  // namespace flux::sandbox
