#include "api/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

namespace flux::api {
namespace {

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
  for (const auto& [text, written] : rows) EXPECT_EQ(encode(text), written);
}

TEST(JsonTest, KeepsTheOrderOfKeysAndWritesNoBlanks) {
  const Json json = {{"z", 1}, {"a", {true, nullptr, "x"}}, {"<k>", Json::object()}, {"e", Json::array()}};
  EXPECT_EQ(encode(json), R"({"z":1,"a":[true,null,"x"],"\u003ck\u003e":{},"e":[]})");
}

TEST(JsonTest, ReadsOneValueAndIgnoresTheRest) {
  const std::vector<std::pair<std::string, std::string>> rows{{" true", "true"},
                                                              {"null ", "null"},
                                                              {"{\"a\":1} trailing", R"({"a":1})"},
                                                              {"[1]\n[2]", "[1]"},
                                                              {"\"x\"}", R"("x")"}};
  for (const auto& [text, read] : rows) {
    const auto json = decode(text);
    ASSERT_TRUE(json) << text;
    EXPECT_EQ(encode(*json), read) << text;
  }
}

TEST(JsonTest, RefusesWhatIsNotJson) {
  for (const std::string text : {"", " \n", "{", "{\"a\":}", "nope", "\"\xFF\"", "'x'", "[1,]", "\"open"}) {
    const auto json = decode(text);
    ASSERT_FALSE(json) << text;
    EXPECT_EQ(json.error().kind, ErrorKind::user);
    EXPECT_FALSE(json.error().message.empty());
    EXPECT_FALSE(json.error().help.empty());
  }
}

TEST(JsonTest, SurvivesDeepNesting) { EXPECT_FALSE(decode(std::string(1'000'000, '['))); }

TEST(JsonTest, FindsMembersWithoutCaseAndTakesTheLast) {
  const auto json = decode(R"({"KIND":"a","kind":"b","Kind":null,"n":1,"other":"o"})");
  ASSERT_TRUE(json);
  EXPECT_TRUE(member(*json, "kind")->is_null());
  EXPECT_EQ(*string_member(*json, "Kind"), "");
  EXPECT_EQ(*string_member(*json, "OTHER"), "o");
  EXPECT_EQ(*string_member(*json, "absent"), "");
  EXPECT_EQ(string_member(*json, "N").error().message, "N must be a string, not number");
  EXPECT_EQ(member(Json::array(), "x"), nullptr);
}

}  // namespace
}  // namespace flux::api
