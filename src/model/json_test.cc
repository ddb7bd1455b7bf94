#include "model/json.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/json.h"

namespace flux {
namespace json_test {

TEST(JsonTest, WritesTextAsGoDoes) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"plain", R"("plain")"},
      {"<all>&", R"("\u003call\u003e\u0026")"},
      {"a\"b\\c/d", R"("a\"b\\c/d")"},
      {"\n\r\t", R"("\n\r\t")"},
      {std::string("\0\b\f\x1f", 4), R"("\u0000\u0008\u000c\u001f")"},
      {"\x7f", "\"\x7f\""},
      {"\xE2\x80\xA8 \xE2\x80\xA9", R"("\u2028 \u2029")"},
      {"gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80", "\"gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80\""},
      {"\xFFz", "\"\xEF\xBF\xBDz\""},
  };
  for (const auto& [text, written] : rows) EXPECT_EQ(encode_json(text), written);
}

TEST(JsonTest, KeepsTheOrderOfKeysAndWritesNoBlanks) {
  const Json json = {{"z", 1}, {"a", {true, nullptr, "x"}}, {"<k>", Json::object()}, {"e", Json::array()}};
  EXPECT_EQ(encode_json(json), R"({"z":1,"a":[true,null,"x"],"\u003ck\u003e":{},"e":[]})");
}

TEST(JsonTest, ReadsOneValueAndIgnoresTheRest) {
  const std::vector<std::pair<std::string, std::string>> rows{{" true", "true"},
                                                              {"null ", "null"},
                                                              {"{\"a\":1} trailing", R"({"a":1})"},
                                                              {"[1]\n[2]", "[1]"},
                                                              {"\"x\"}", R"("x")"}};
  for (const auto& [text, read] : rows) {
    const auto json = decode_json(text);
    ASSERT_TRUE(json) << text;
    EXPECT_EQ(encode_json(*json), read) << text;
  }
}

TEST(JsonTest, RefusesWhatIsNotJson) {
  for (const std::string text : {"", " \n", "{", "{\"a\":}", "nope", "'x'", "[1,]", "\"open", "\"\n\"", "\"\\ud800\"",
                                 "{\"a\":1e999}", "{a:1}", "[1 2]"}) {
    const auto json = decode_json(text);
    ASSERT_FALSE(json) << text;
    EXPECT_EQ(json.error().kind, ErrorKind::user);
    EXPECT_FALSE(json.error().message.empty());
    EXPECT_FALSE(json.error().help.empty());
  }
}

TEST(JsonTest, TellsWhereItIsMalformed) {
  EXPECT_EQ(decode_json(R"({"a":x})").error().message, "not valid JSON (at byte 6)");
}

TEST(JsonTest, ReplacesBytesThatAreNotUtf8) {
  const auto json = decode_json("[\"a\xFFz\"]");
  ASSERT_TRUE(json);
  EXPECT_EQ(json->at(0), "a\xEF\xBF\xBDz");
}

TEST(JsonTest, RefusesDeepNesting) {
  for (const auto* open : {"[", "{\"a\":"})
    for (const int depth : {kMaxJsonDepth + 1, 200'000}) {
      std::string text;
      for (int i = 0; i < depth; ++i) text += open;
      const auto json = decode_json(text);
      ASSERT_FALSE(json);
      EXPECT_EQ(json.error().message, "JSON nested deeper than 100 levels");
    }
  EXPECT_TRUE(decode_json(std::string(kMaxJsonDepth, '[') + std::string(kMaxJsonDepth, ']')));
}

TEST(JsonTest, ReadsManyKeysInOneGo) {
  std::string text = "{";
  for (int i = 0; i < 100'000; ++i) text += "\"key" + std::to_string(i) + "\":1,";
  const auto json = decode_json(text + "\"key7\":2}");
  ASSERT_TRUE(json);
  EXPECT_EQ(json->size(), 100'001U);
  EXPECT_EQ(*member(*json, "key7"), 2);
}

TEST(JsonTest, FindsMembersWithoutCaseAndTakesTheLast) {
  const auto json = decode_json(R"({"KIND":"a","kind":"b","KIND":null,"n":1,"other":"o"})");
  ASSERT_TRUE(json);
  EXPECT_TRUE(member(*json, "kind")->is_null());
  EXPECT_EQ(*member(*json, "OTHER"), "o");
  EXPECT_EQ(member(*json, "absent"), nullptr);
  EXPECT_EQ(member(Json::array(), "x"), nullptr);
}

}  // namespace json_test
}  // namespace flux
