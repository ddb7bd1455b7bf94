#include "cluster/json_reader.h"

#include <gtest/gtest.h>

namespace flux::cluster {
namespace json_reader_test {

TEST(JsonReader, reads_chosen_members_and_skips_the_rest) {
  const std::string text =
      R"( {"skip":{"deep":[1,{"a":"}"},"]"]},"name":"caf\u00e9 \"x\" \ud83d\ude00","n":-42,"on":true,"list":["a","b"],"end":null} )";
  JsonReader json(text);
  std::string name, list;
  std::int64_t n = 0;
  bool on = false;
  json.object([&](std::string_view key) {
    if (key == "name") return json.string(name);
    if (key == "n") return json.integer(n);
    if (key == "on") return json.boolean(on);
    if (key != "list") return json.skip();
    json.array([&] {
      std::string item;
      json.string(item);
      list += item;
    });
  });
  EXPECT_FALSE(json.failed());
  EXPECT_TRUE(json.at_end());
  EXPECT_EQ(name, "caf\u00e9 \"x\" \U0001F600");
  EXPECT_EQ(n, -42);
  EXPECT_TRUE(on);
  EXPECT_EQ(list, "ab");
}

TEST(JsonReader, leaves_the_target_alone_when_the_type_is_another) {
  JsonReader json(R"({"a":1,"b":"x","c":null,"d":[],"e":{}})");
  std::string text = "before";
  std::int64_t number = 7;
  bool flag = true;
  int calls = 0;
  json.object([&](std::string_view key) {
    if (key == "a") return json.string(text);
    if (key == "b") return json.integer(number);
    if (key == "c") return json.boolean(flag);
    if (key == "d") return json.object([&](std::string_view) { ++calls; });
    json.array([&] { ++calls; });
  });
  EXPECT_FALSE(json.failed());
  EXPECT_EQ(text, "before");
  EXPECT_EQ(number, 7);
  EXPECT_TRUE(flag);
  EXPECT_EQ(calls, 0);
}

TEST(JsonReader, fails_on_every_prefix_of_a_text_and_reads_no_further) {
  const std::string text = R"({"a":{"b":[1,"x\"y",true]},"c":"d\u0041"})";
  for (std::size_t size = 0; size < text.size(); ++size) {
    JsonReader json(std::string_view(text).substr(0, size));
    std::string c;
    json.object([&](std::string_view key) { key == "c" ? json.string(c) : json.skip(); });
    EXPECT_TRUE(json.failed() || !json.at_end()) << size;
  }
}

TEST(JsonReader, fails_on_what_is_not_json) {
  for (const auto* text :
       {"{", "{\"a\"}", "{\"a\":}", "{a:1}", "[1 2", "[1,", "\"\\", "{\"a\":\"\\x\"}", "<html>", ""}) {
    JsonReader json(text);
    json.object([&](std::string_view) {
      std::string value;
      json.string(value);
    });
    EXPECT_TRUE(json.failed()) << text;
  }
}

TEST(JsonReader, survives_any_depth) {
  const std::string deep(100000, '[');
  JsonReader skipping(deep);
  skipping.skip();
  EXPECT_TRUE(skipping.failed());
  JsonReader whole(deep + std::string(100000, ']'));
  EXPECT_FALSE(whole.failed());
}

TEST(QuoteJson, escapes) { EXPECT_EQ(quote_json("a\"b\n\xff"), "\"a\\\"b\\n\xEF\xBF\xBD\""); }

}  // namespace json_reader_test
}  // namespace flux::cluster
