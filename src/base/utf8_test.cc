#include "base/utf8.h"

#include <gtest/gtest.h>

#include <vector>

namespace flux {
namespace utf8_test {

constexpr const char* kMark = "\xEF\xBF\xBD";

struct Row {
  const char* what;
  std::string text;
  bool valid;
  std::string replaced;  // when not valid
};

TEST(Utf8Test, KnowsWellFormedText) {
  const std::string mark = kMark;
  const std::vector<Row> rows{
      {"empty", "", true, {}},
      {"ASCII with NUL", std::string("a\0b", 3), true, {}},
      {"two bytes, first and last", "\xC2\x80\xDF\xBF", true, {}},
      {"three bytes, first and last", "\xE0\xA0\x80\xEF\xBF\xBF", true, {}},
      {"around the surrogates", "\xED\x9F\xBF\xEE\x80\x80", true, {}},
      {"four bytes, first and last", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", true, {}},
      {"lone tail",
       "a\x80"
       "b",
       false, "a" + mark + "b"},
      {"overlong two", "\xC0\xAF", false, mark + mark},
      {"overlong three", "\xE0\x80\xAF", false, mark + mark + mark},
      {"overlong four", "\xF0\x8F\xBF\xBF", false, mark + mark + mark + mark},
      {"surrogate", "\xED\xA0\x80", false, mark + mark + mark},
      {"above the last code point", "\xF4\x90\x80\x80", false, mark + mark + mark + mark},
      {"cut off after one of two", "x\xC3", false, "x" + mark},
      {"cut off after two of three", "x\xE2\x82", false, "x" + mark + mark},
      {"cut off after three of four", "\xF0\x9F\x98", false, mark + mark + mark},
      {"bytes that never occur", "\xFE\xFF\xF5", false, mark + mark + mark},
      {"good after bad", "\xC3(\xC3\xBC", false, mark + "(\xC3\xBC"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(is_utf8(row.text), row.valid) << row.what;
    EXPECT_EQ(replace_invalid_utf8(row.text), row.valid ? row.text : row.replaced) << row.what;
    EXPECT_TRUE(is_utf8(replace_invalid_utf8(row.text))) << row.what;
  }
}

}  // namespace utf8_test
}  // namespace flux
