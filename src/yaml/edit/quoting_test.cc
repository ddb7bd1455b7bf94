#include "yaml/edit/quoting.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "yaml/reader.h"

namespace flux::yaml {
namespace quoting_test {

TEST(Quoting, LeavesPlainOnlyWhatEverybodyReadsAsTheSameText) {
  for (const auto* const text : {"nginx:1.2",
                                 "quay.io/a/b:v1",
                                 "semver:>=2.0.0-0 <3",
                                 "glob:*-prod",
                                 "Ann <ann@example.org>",
                                 "a=b",
                                 "a#b",
                                 "1.2.3",
                                 "77ab01c4e9f2",
                                 "v1",
                                 "RELEASE.2019-08-14T20-37-41Z",
                                 "2019-08-14T20-37-41Z",
                                 "2024-07",
                                 "2024-07-01-rc",
                                 "-a",
                                 "yess",
                                 "nope",
                                 "0x",
                                 "a'b\"",
                                 "\xE6\x97\xA5",
                                 "1.2e",
                                 "+",
                                 ".",
                                 "1..2",
                                 "a:b",
                                 "1-2",
                                 "e5",
                                 "a\\b"})
    EXPECT_TRUE(is_safe_plain(text, false)) << text;
  for (const auto* const text : {"",
                                 "y",
                                 "Y",
                                 "n",
                                 "yes",
                                 "No",
                                 "on",
                                 "OFF",
                                 "true",
                                 "False",
                                 "null",
                                 "~",
                                 "Null",
                                 "1",
                                 "-1",
                                 "+1",
                                 "012",
                                 "0o17",
                                 "0x1F",
                                 "0b11",
                                 "1_000",
                                 "089",
                                 "1.10",
                                 ".5",
                                 "1.",
                                 "1e5",
                                 "12e3456",
                                 "9e99999",
                                 ".inf",
                                 "-.INF",
                                 ".NaN",
                                 "1:30",
                                 "12:30:45",
                                 "2024-07-01",
                                 "2024-7-1",
                                 "2001-12-14t21:59:43.10-05:00",
                                 "2001-12-14 21:59:43",
                                 "=",
                                 "<<",
                                 "a: b",
                                 "a #b",
                                 " a",
                                 "a ",
                                 "a\tb",
                                 "a\nb",
                                 "#a",
                                 "- a",
                                 "-",
                                 "? a",
                                 ":a",
                                 "@a",
                                 "`a",
                                 "%a",
                                 "&a",
                                 "*a",
                                 "!a",
                                 "|",
                                 ">a",
                                 "'a",
                                 "\"a",
                                 "[a",
                                 "{a",
                                 ",a",
                                 "---",
                                 "...",
                                 "a:",
                                 "123456789012345678901234567890"})
    EXPECT_FALSE(is_safe_plain(text, false)) << text;
  for (const auto* const text : {"a,b", "a]", "a}", "a[b"}) {
    EXPECT_TRUE(is_safe_plain(text, false)) << text;
    EXPECT_FALSE(is_safe_plain(text, true)) << text;
  }
}

TEST(Quoting, IsTheLeastThatHoldsTheText) {
  EXPECT_EQ(quoted("a", Style::plain, false), "a");
  EXPECT_EQ(quoted("it's: 1", Style::plain, false), "'it''s: 1'");
  EXPECT_EQ(quoted("a\tb", Style::single_quoted, false), "\"a\\tb\"");
  EXPECT_EQ(quoted("a", Style::literal, false), "a");
}

/// Any text comes back, in each style and place, and double quotes are JSON.
TEST(Quoting, ReadsBack) {
  std::vector<std::string> texts{
      "",     "a", "true", "\xF0\x9F\x98\x80", "\u0085", "\u2028 \u2029", "\xEF\xBB\xBF", "\u00A0",
      "\x7F", "'", "\"\\", "a\n\nb\n",         " ",      "\r\n"};
  for (char c = 1; c < 0x7F; ++c)
    for (const std::string around : {"", "a", " ", "1", "-", ":"}) texts.push_back(around + c + around);
  for (const auto& text : texts)
    for (const auto style : {Style::plain, Style::single_quoted, Style::double_quoted})
      for (const bool in_flow : {false, true}) {
        const auto scalar = quoted(text, style, in_flow);
        const auto whole = in_flow ? "[" + scalar + ", 1]\n" : "- " + scalar + "\n- 1\n";
        const auto documents = read_all(whole);
        ASSERT_TRUE(documents) << whole << documents.error().message;
        const auto item = documents->front().root().item(0);
        ASSERT_TRUE(item.is_string()) << whole;
        EXPECT_EQ(item.text(), text) << whole;
        if (style == Style::double_quoted) {
          EXPECT_EQ(parse_json(scalar), Json(text)) << scalar;
        }
      }
}

}  // namespace quoting_test
}  // namespace flux::yaml
