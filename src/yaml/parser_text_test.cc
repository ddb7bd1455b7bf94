#include "yaml/parser_text.h"

#include <gtest/gtest.h>

#include "yaml/json.h"
#include "yaml/reader.h"

namespace flux::yaml {
namespace parser_text_test {

/// The documents as JSON, one a line, or the error.
std::string read(std::string_view text) {
  Reader reader(text);
  std::string out;
  while (true) {
    const auto document = reader.next();
    if (!document) return out + document.error().message;
    if (!*document) return out;
    out += to_json((*document)->root()).value_or("no JSON") + "\n";
  }
}

TEST(ParserText, ColonsInBracketsAreReadAsByGoYaml) {
  const struct {
    const char* text;
    const char* json;
  } kRows[] = {
      {"[a:, b]", R"(["a:","b"])"},
      {"{a:, b: c}", R"({"a:":null,"b":"c"})"},
      {"[2001:db8::]", R"(["2001:db8::"])"},
      {"{b: c::, d: e}", R"({"b":"c::","d":"e"})"},
      {"{a:}", R"({"a:":null})"},
      {"{a: {b:}, c: [d:]}", R"({"a":{"b:":null},"c":["d:"]})"},
      {"\xEF\xBB\xBF# é\nk: [é:, 'x:', \"y:\", ^;$]\nl: '[a:, b]'\nm: |\n  [a:, b]\n",
       R"({"k":["é:","x:","y:","^;$"],"l":"[a:, b]","m":"[a:, b]\n"})"},
      {R"({"a":[1],"b":{"c":2},d: e:})", R"({"a":[1],"b":{"c":2},"d":"e:"})"},
      {"a: 1\n---\n[b:]\n", "{\"a\":1}\n[\"b:\"]"},
  };
  for (const auto& row : kRows) EXPECT_EQ(read(row.text), std::string(row.json) + "\n") << row.text;
  for (const auto* text : {"[x:{y}]", "[x:[y]]", "{x:{y: z}}", "{a:[b]}", "[a:?b]", "[a:, b"})
    EXPECT_NE(read(text).find("yaml: line"), std::string::npos) << text;
}

TEST(ParserText, StandInsStayWhereTheyAre) {
  const std::string text = "[a:, b::]";
  const auto documents = read_all(text);
  ASSERT_TRUE(documents);
  EXPECT_EQ(documents->front().root().item(0).span(), (Span{1, 3}));
  EXPECT_EQ(documents->front().root().item(1).span(), (Span{5, 8}));
}

TEST(ParserText, ATextThatWouldTakeTooLongIsRefused) {
  // Each of the colons costs going through the text before it.
  const auto text = std::string(1U << 20U, '\n') + "[a:" + std::string(200, 'x') + [] {
    std::string items;
    for (int i = 0; i < 100; ++i) items += ", a:";
    return items;
  }() + "]";
  EXPECT_NE(read(text).find("found unexpected ':'"), std::string::npos);
}

TEST(ParserText, JsonMayHaveCharactersInHalves) {
  EXPECT_EQ(read(R"({"a":"\ud83d\ude00 \\ud83d \uD83D\uDE00^^","b":"\/\t\u00e9","\ud83d\ude00":[]})"),
            "{\"\U0001F600\":[],\"a\":\"\U0001F600 \\\\ud83d \U0001F600^^\",\"b\":\"/\\t\u00e9\"}\n");
  EXPECT_EQ(read("{\n\t\"a\": \"\\ud83d\\ude00\"\n}\n"), "{\"a\":\"\U0001F600\"}\n");
  const std::string text = R"(["\ud83d\ude00", 1])";
  const auto documents = read_all(text);
  ASSERT_TRUE(documents);
  EXPECT_EQ(documents->front().root().item(0).span(), (Span{1, 15}));
  // No JSON, and half a character.
  for (const auto* yaml : {R"(a: "\ud83d\ude00")", R"({"a":"\ud83d"})"})
    EXPECT_NE(read(yaml).find("invalid Unicode character escape code"), std::string::npos) << yaml;
  EXPECT_EQ(read(R"(a: '\ud83d\ude00')"), "{\"a\":\"\\\\ud83d\\\\ude00\"}\n");
}

TEST(ParserText, NothingButEndsIsNoDocument) {
  for (const auto* text : {"", "...", "...\n", "# a\n...\n \r\n... # b\n...\n", "\xEF\xBB\xBF...\n", "\n\n", "  # x"})
    EXPECT_EQ(read(text), "") << text;
  EXPECT_EQ(read("---\n...\n"), "null\n");
  EXPECT_EQ(read("....\n"), "\"....\"\n");
  EXPECT_EQ(read("...a\n"), "\"...a\"\n");
}

}  // namespace parser_text_test
}  // namespace flux::yaml
