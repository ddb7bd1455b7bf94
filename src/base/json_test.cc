#include "base/json.h"

#include <gtest/gtest.h>

namespace flux {
namespace json_test {

TEST(JsonTest, ReadsAndWritesBothFlavours) {
  struct Row {
    const char* text;
    const char* kept;
    const char* sorted;
  };
  const Row rows[] = {
      {R"( {"b": [1, -2, 0.5], "a": null} )", R"({"b":[1,-2,0.5],"a":null})", R"({"a":null,"b":[1,-2,0.5]})"},
      {R"({"b":1,"a":2,"b":3})", R"({"b":3,"a":2})", R"({"a":2,"b":3})"},
      {R"("<\u00e9\n>")", "\"<\xC3\xA9\\n>\"", "\"<\xC3\xA9\\n>\""},
      {"18446744073709551615", "18446744073709551615", "18446744073709551615"},
      {"null", "null", "null"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(dump_json(parse_json(row.text).value()), row.kept) << row.text;
    EXPECT_EQ(dump_json(parse_sorted_json(row.text).value()), row.sorted) << row.text;
  }
}

TEST(JsonTest, ReadsNothingElse) {
  for (const auto* text : {"", " ", "{", "{}x", "[1,]", "{'a':1}", "nul", "\"\xFF\"", "01"}) {
    EXPECT_FALSE(parse_json(text)) << text;
    EXPECT_FALSE(parse_sorted_json(text)) << text;
  }
}

TEST(JsonTest, WritesWhatIsNotUtf8AsReplacement) {
  EXPECT_EQ(dump_json(Json("a\xFF"
                           "b")),
            "\"a\xEF\xBF\xBD"
            "b\"");
  EXPECT_EQ(dump_json(SortedJson("a\xFF"
                                 "b")),
            "\"a\xEF\xBF\xBD"
            "b\"");
}

}  // namespace json_test
}  // namespace flux
