#include "api/wire/change.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/json.h"

namespace flux::api {
namespace change_test {

TEST(ChangeTest, ReadsWhatItWrites) {
  for (const Change& change :
       {Change(GitChange{"git@host:a/b.git", "main"}), Change(ImageChange{"quay.io", "acme/cart"})}) {
    const auto back = change_from_json(to_json(change));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, change);
  }
  EXPECT_EQ(encode_json(to_json(Change(ImageChange{"quay.io", "acme/cart"}))),
            R"({"Kind":"image","Source":{"Name":{"Domain":"quay.io","Image":"acme/cart"}}})");
  EXPECT_EQ(encode_json(to_json(Change(GitChange{"u", "b"}))), R"({"Kind":"git","Source":{"URL":"u","Branch":"b"}})");
}

TEST(ChangeTest, ReadsAsGoDoes) {
  const std::vector<std::pair<std::string, Change>> rows{
      {R"({"Kind":"git","Source":{"URL":"u","Branch":"b"}})", GitChange{"u", "b"}},
      {R"({"kind":"git","SOURCE":{"url":"u","branch":"b","more":1}})", GitChange{"u", "b"}},
      {R"({"Kind":"git","Source":{"URL":"u","URL":"v"}})", GitChange{"v", ""}},
      {R"({"Kind":"git","Source":{}})", GitChange{}},
      {R"({"Kind":"git","Source":null})", GitChange{}},
      {R"({"Source":{"URL":null},"Kind":"git"})", GitChange{}},
      {R"({"Kind":"image","Source":{"Name":{"Domain":"d","Image":"i"}}})", ImageChange{"d", "i"}},
      {R"({"Kind":"image","Source":{"Name":null}})", ImageChange{}},
  };
  for (const auto& [text, change] : rows) {
    const auto read = decode_json(text).and_then(change_from_json);
    ASSERT_TRUE(read) << text << ": " << read.error().message;
    EXPECT_EQ(*read, change) << text;
  }
}

TEST(ChangeTest, SaysWhatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {R"({})", "unknown kind of change"},
      {R"([])", "it must be an object, not array"},
      {R"(null)", "unknown kind of change"},
      {R"({"Kind":"helm","Source":{}})", "unknown kind of change"},
      {R"({"Kind":"Git","Source":{}})", "unknown kind of change"},
      {R"({"Kind":1,"Source":{}})", "Kind must be a string, not number"},
      {R"({"Kind":"git"})", "the change has no Source"},
      {R"({"Kind":"git","Source":"u"})", "Source must be an object, not string"},
      {R"({"Kind":"git","Source":{"URL":[]}})", "Source: URL must be a string, not array"},
      {R"({"Kind":"image","Source":{"Name":"quay.io/acme/cart"}})",
       "Source: Name must be an object with Domain and Image"},
      {R"({"Kind":"image","Source":{"Name":{"Image":true}}})", "Source: Name: Image must be a string, not boolean"},
  };
  for (const auto& [text, message] : rows) {
    const auto read = decode_json(text).and_then(change_from_json);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().message, message) << text;
    EXPECT_EQ(read.error().kind, ErrorKind::user);
  }
}

}  // namespace change_test
}  // namespace flux::api
