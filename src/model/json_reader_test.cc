#include "model/json_reader.h"

#include <gtest/gtest.h>

namespace flux {
namespace json_reader_test {

Json parsed(std::string_view text) {
  auto json = decode_json(text);
  EXPECT_TRUE(json) << text;
  return json.value_or(Json());
}

TEST(ObjectReaderTest, ReadsMembersAndGivesZeroValuesForTheRest) {
  const auto json =
      parsed(R"({"TEXT":"a","flag":true,"n":-3,"f":1.5,"list":["x",null],"map":{"b":"2","a":null},"nil":null})");
  ObjectReader in(json);
  EXPECT_EQ(in.text("text"), "a");
  EXPECT_TRUE(in.flag("Flag"));
  EXPECT_EQ(in.integer("n"), -3);
  EXPECT_EQ(in.number("f"), 1.5);
  EXPECT_EQ(in.texts("list"), (std::vector<std::string>{"x", ""}));
  EXPECT_EQ(in.text_map("map"), (std::map<std::string, std::string>{{"a", ""}, {"b", "2"}}));
  for (const auto* key : {"nil", "absent"}) {
    EXPECT_EQ(in.text(key), "");
    EXPECT_FALSE(in.flag(key));
    EXPECT_EQ(in.integer(key), 0);
    EXPECT_TRUE(in.texts(key).empty());
    EXPECT_TRUE(in.text_map(key).empty());
    EXPECT_EQ(in.find(key), nullptr);
  }
  EXPECT_TRUE(in.has("nil"));
  EXPECT_FALSE(in.has("absent"));
  EXPECT_EQ(in.done(7), 7);
}

TEST(ObjectReaderTest, KeepsTheFirstThingThatIsWrong) {
  const auto json = parsed(R"({"a":1,"b":"x"})");
  ObjectReader in(json);
  EXPECT_EQ(in.text("a"), "");
  EXPECT_EQ(in.integer("b"), 0);
  EXPECT_EQ(in.done(0).error().message, "a must be a string, not number");
}

TEST(ObjectReaderTest, SaysWhatIsWrongAndWhere) {
  struct Row {
    const char* json;
    const char* message;
  };
  const std::vector<Row> rows{
      {"[]", "it must be an object, not array"},
      {R"("x")", "it must be an object, not string"},
      {R"({"text":[]})", "text must be a string, not array"},
      {R"({"flag":"true"})", "flag must be true or false, not string"},
      {R"({"n":1.5})", "n must be an integer, not number"},
      {R"({"n":18446744073709551615})", "n is too large a number"},
      {R"({"n":123456789012345678901234567890})", "n must be an integer, not number"},
      {R"({"list":{}})", "list must be a list, not object"},
      {R"({"list":["a",2]})", "list: element 1: it must be a string, not number"},
      {R"({"ids":[]})", "ids must be an object, not array"},
      {R"({"ids":{"":"x"}})", "ids: parsing : invalid service ID"},
      {R"({"ids":{"a:deployment/b":1}})", "ids: a:deployment/b: it must be a string, not number"},
      {R"({"map":{"k":true}})", "map: k: it must be a string, not boolean"},
  };
  for (const auto& row : rows) {
    const auto json = parsed(row.json);
    ObjectReader in(json);
    in.text("text");
    in.flag("flag");
    in.integer("n");
    in.texts("list");
    in.text_map("map");
    in.id_map("ids", text_from_json);
    const auto done = in.done(0);
    ASSERT_FALSE(done) << row.json;
    EXPECT_EQ(done.error().message, row.message);
    EXPECT_EQ(done.error().kind, ErrorKind::user);
  }
}

TEST(ObjectReaderTest, ReadsIdMapsWithTheLastOfEqualKeys) {
  const auto json = parsed(R"({"shop:Deployment/b":"1","shop:deployment/b":"2","a:job/c":"3"})");
  const auto map = id_map_from_json(json, text_from_json);
  ASSERT_TRUE(map);
  EXPECT_EQ(encode_json(id_map_to_json(*map, [](const std::string& text) { return Json(text); })),
            R"({"a:job/c":"3","shop:deployment/b":"2"})");
}

TEST(IdFromJsonTest, TakesEmptyTextAsNoId) {
  EXPECT_TRUE(id_from_json("")->empty());
  EXPECT_EQ(id_from_json("a:deployment/b")->to_string(), "a:deployment/b");
  EXPECT_FALSE(id_from_json("nonsense"));
  EXPECT_FALSE(id_from_json(Json(3)));
}

}  // namespace json_reader_test
}  // namespace flux
