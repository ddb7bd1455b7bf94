// The other half of its test: only here is a reader of YAML.
#include <gtest/gtest.h>

#include <string>

#include "base/json.h"
#include "base/json_for_yaml.h"
#include "yaml/json.h"
#include "yaml/reader.h"

namespace flux::yaml {
namespace json_for_yaml_test {

std::string utf8(char32_t code) {
  const auto tail = [&](unsigned shift) { return static_cast<char>(0x80U | ((code >> shift) & 0x3FU)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0U | (code >> 6U)), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0U | (code >> 12U)), tail(6), tail(0)};
  return {static_cast<char>(0xF0U | (code >> 18U)), tail(12), tail(6), tail(0)};
}

/// As the API server reads a body: YAML.
SortedJson read_as_yaml(std::string_view body) {
  const auto documents = read_all(body);
  if (!documents) return documents.error().message;
  return parse_sorted_json(to_json(documents->front().root()).value_or("")).value_or("no JSON");
}

bool is_surrogate(char32_t code) { return code >= 0xD800 && code <= 0xDFFF; }

TEST(JsonForYaml, EachCharacterMeansTheSameToAReaderOfJsonAndToOneOfYaml) {
  constexpr char32_t kAtOnce = 0x100;
  for (char32_t from = 0; from < 0x110000; from += kAtOnce) {
    std::string text;
    for (auto code = from; code < from + kAtOnce; ++code)
      if (!is_surrogate(code)) text += "." + utf8(code);
    const SortedJson value{{"a", text}, {text + "b", 1}};
    const auto body = json_for_yaml(dump_json(value));
    ASSERT_EQ(read_as_yaml(body), value) << static_cast<int>(from);
    ASSERT_EQ(parse_sorted_json(json_for_yaml(dump_json(value["a"]))), value["a"]) << static_cast<int>(from);
  }
}

TEST(JsonForYaml, KeysOfAnyLengthAreRead) {
  for (const std::size_t size : {1000U, 1022U, 1023U, 5000U}) {
    const SortedJson value{{"list", {{{std::string(size, 'k'), {{"n", 1}}}, {"z", "v"}}}}};
    const auto body = json_for_yaml(dump_json(value));
    EXPECT_EQ(read_as_yaml(body), value) << size;
    EXPECT_EQ(body.find("? \"") != std::string::npos, size > 1022) << size;
  }
  EXPECT_EQ(json_for_yaml("{\"a\":\"" + std::string(2000, 'v') + "\"}").find('?'), std::string::npos);
}

}  // namespace json_for_yaml_test
}  // namespace flux::yaml
