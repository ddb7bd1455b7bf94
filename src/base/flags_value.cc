#include "base/flags_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/flags_csv.h"
#include "base/flags_number.h"

namespace flux {
namespace {

constexpr std::array<std::string_view, 6> kTrue{"1", "t", "T", "true", "TRUE", "True"};
constexpr std::array<std::string_view, 6> kFalse{"0", "f", "F", "false", "FALSE", "False"};

template <class T>
Result<void> assign(T& field, Result<T> value) {
  if (!value) return Failure(value.error());
  field = *std::move(value);
  return {};
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// A value with a single `=` is one pair, whatever else it holds.
Result<Pairs> read_pairs(const std::string& text) {
  const auto not_a_pair = [](std::string_view what) {
    return fail(ErrorKind::user, fmt::format("{} must be formatted as key=value", what),
                "Write key=value, several of them separated by commas.");
  };
  std::vector<std::string> fields;
  if (const auto equals = std::ranges::count(text, '='); equals == 0) {
    return not_a_pair(text);
  } else if (equals == 1) {
    const auto from = text.find_first_not_of('"');
    const auto to = text.find_last_not_of('"');
    fields.push_back(text.substr(from, to - from + 1));
  } else {
    auto record = parse_csv_record(text);
    if (!record) return Failure(record.error());
    fields = *std::move(record);
  }
  Pairs pairs;
  for (const auto& field : fields) {
    const auto equals = field.find('=');
    if (equals == std::string::npos) return not_a_pair(field);
    pairs.emplace_back(field.substr(0, equals), field.substr(equals + 1));
  }
  return pairs;
}

struct Store {
  const std::string& text;
  bool first;

  Result<void> operator()(bool* field) const {
    const bool yes = std::ranges::find(kTrue, text) != kTrue.end();
    if (!yes && std::ranges::find(kFalse, text) == kFalse.end())
      return fail(ErrorKind::user, fmt::format("strconv.ParseBool: parsing {}: invalid syntax", quote(text)),
                  "Write true or false.");
    *field = yes;
    return {};
  }
  Result<void> operator()(std::string* field) const { return assign<std::string>(*field, text); }
  Result<void> operator()(Secret* field) const { return assign<Secret>(*field, Secret(text)); }
  Result<void> operator()(Duration* field) const { return assign(*field, parse_duration(text)); }
  Result<void> operator()(std::int64_t* field) const { return assign(*field, parse_int(text)); }
  Result<void> operator()(std::uint64_t* field) const { return assign(*field, parse_uint(text)); }
  Result<void> operator()(double* field) const { return assign(*field, parse_float(text)); }
  Result<void> operator()(std::vector<std::string>* field) const {
    auto record = parse_csv_record(text);
    if (!record) return Failure(record.error());
    if (first) field->clear();
    field->insert(field->end(), record->begin(), record->end());
    return {};
  }
  Result<void> operator()(Count* field) const {
    if (text == "+1") {
      ++field->value;
      return {};
    }
    return assign(field->value, parse_int(text));
  }
  Result<void> operator()(std::map<std::string, std::string>* field) const {
    auto pairs = read_pairs(text);
    if (!pairs) return Failure(pairs.error());
    if (first) field->clear();
    for (auto& [key, value] : *pairs) field->insert_or_assign(std::move(key), std::move(value));
    return {};
  }
  template <class T>
  Result<void> operator()(std::optional<T>* field) const {
    auto value = field->value_or(T{});
    auto stored = (*this)(&value);
    if (stored) *field = std::move(value);
    return stored;
  }
};

struct TypeName {
  std::string_view operator()(const bool*) const { return ""; }
  std::string_view operator()(const std::string*) const { return "string"; }
  std::string_view operator()(const Secret*) const { return "string"; }
  std::string_view operator()(const Duration*) const { return "duration"; }
  std::string_view operator()(const std::int64_t*) const { return "int"; }
  std::string_view operator()(const std::uint64_t*) const { return "uint"; }
  std::string_view operator()(const double*) const { return "float"; }
  std::string_view operator()(const std::vector<std::string>*) const { return "strings"; }
  std::string_view operator()(const Count*) const { return "count"; }
  std::string_view operator()(const std::map<std::string, std::string>*) const { return "stringToString"; }
  template <class T>
  std::string_view operator()(const std::optional<T>*) const {
    return (*this)(static_cast<const T*>(nullptr));
  }
};

struct DefaultText {
  std::string operator()(const bool* field) const { return *field ? "true" : ""; }
  std::string operator()(const std::string* field) const { return field->empty() ? "" : quote(*field); }
  std::string operator()(const Secret*) const { return ""; }
  std::string operator()(const Duration* field) const { return format_duration(*field); }
  std::string operator()(const std::vector<std::string>* field) const {
    return field->empty() ? "" : fmt::format("[{}]", fmt::join(*field, ","));
  }
  std::string operator()(const Count* field) const { return (*this)(&field->value); }
  std::string operator()(const std::map<std::string, std::string>* field) const {
    std::vector<std::string> pairs;
    for (const auto& [key, value] : *field) pairs.push_back(fmt::format("{}={}", key, value));
    return pairs.empty() ? "" : fmt::format("[{}]", fmt::join(pairs, ","));
  }
  template <class T>
  std::string operator()(const T* field) const {
    return *field == 0 ? "" : fmt::format("{}", *field);
  }
  template <class T>
  std::string operator()(const std::optional<T>* field) const {
    return *field ? (*this)(&**field) : "";
  }
};

}  // namespace

Result<void> store_flag_value(const FlagField& field, const std::string& text, bool first) {
  return std::visit(Store{text, first}, field);
}

std::string_view flag_type_name(const FlagField& field) { return std::visit(TypeName{}, field); }

std::string flag_default_text(const FlagField& field) { return std::visit(DefaultText{}, field); }

std::string without_secrets(std::string_view text) {
  static constexpr std::string_view kMask = "<redacted>";
  if (const auto equals = text.find('='); text.starts_with('-') && equals != std::string_view::npos)
    return fmt::format("{}={}", text.substr(0, equals), kMask);
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) return std::string(text);
  const auto start = scheme + 3;
  // An unescaped password may hold '/', so the last '@' is the one to go by.
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at < start) return std::string(text);
  return fmt::format("{}{}{}", text.substr(0, start), kMask, text.substr(at));
}

}  // namespace flux
