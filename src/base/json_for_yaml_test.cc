#include "base/json_for_yaml.h"

#include <gtest/gtest.h>

#include <string>

namespace flux {
namespace json_for_yaml_test {

std::string utf8(char32_t code) {
  const auto tail = [&](unsigned shift) { return static_cast<char>(0x80U | ((code >> shift) & 0x3FU)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0U | (code >> 6U)), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0U | (code >> 12U)), tail(6), tail(0)};
  return {static_cast<char>(0xF0U | (code >> 18U)), tail(12), tail(6), tail(0)};
}

bool is_surrogate(char32_t code) { return code >= 0xD800 && code <= 0xDFFF; }

/// What YAML 1.1 allows in a quoted scalar on one line (productions c-printable, b-char and c-byte-order-mark).
bool stays(char32_t code) {
  return (code >= 0x20 && code < 0x7F) ||
         (code >= 0xA0 && code <= 0xFFFD && code != 0x2028 && code != 0x2029 && code != 0xFEFF) || code > 0xFFFF;
}

TEST(JsonForYaml, OnlyWhatYamlReadsOtherwiseIsEscaped) {
  for (char32_t code = 0x20; code < 0x11000; ++code) {
    if (is_surrogate(code) || code == '"' || code == '\\') continue;
    const auto quoted = "\"x" + utf8(code) + "y\"";
    ASSERT_EQ(json_for_yaml(quoted) == quoted, stays(code)) << static_cast<int>(code);
  }
  EXPECT_EQ(json_for_yaml("\"\u0085\x7F\uFEFF\uFFFF\""), R"("\u0085\u007f\ufeff\uffff")");
}

TEST(JsonForYaml, LeavesTheTextAsItIsOtherwise) {
  for (const std::string json :
       {R"({"a":"b\"\\c\n","d":[1,-2.5,true,null,{}],"<<":{"e":"é ￼ 😀"}})", R"("x)", "", "{}"})
    EXPECT_EQ(json_for_yaml(json), json);
}

}  // namespace json_for_yaml_test
}  // namespace flux
