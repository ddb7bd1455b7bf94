#include "model/image_ref.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace flux {
namespace image_ref_test {

struct Row {
  const char* text;
  ImageRef parts;
  const char* printed;
  const char* canonical;
};

TEST(ImageRefTest, ParsesPrintsAndCompares) {
  const Row rows[] = {
      {"app", {"", "app", "", ""}, "app", "index.docker.io/library/app"},
      {"app:2", {"", "app", "2", ""}, "app:2", "index.docker.io/library/app:2"},
      {"team/app:2", {"", "team/app", "2", ""}, "team/app:2", "index.docker.io/team/app:2"},
      {"docker.io/app:2", {"docker.io", "app", "2", ""}, "docker.io/app:2", "index.docker.io/library/app:2"},
      {"docker.io/me/app", {"docker.io", "me/app", "", ""}, "docker.io/me/app", "index.docker.io/me/app"},
      {"index.docker.io/app", {"index.docker.io", "app", "", ""}, "index.docker.io/app", "index.docker.io/library/app"},
      {"quay.io/acme/cart:1", {"quay.io", "acme/cart", "1", ""}, "quay.io/acme/cart:1", "quay.io/acme/cart:1"},
      {"quay.io/cart", {"quay.io", "cart", "", ""}, "quay.io/cart", "quay.io/cart"},
      {"localhost/app:1", {"localhost", "app", "1", ""}, "localhost/app:1", "localhost/app:1"},
      {"mylocalhosts/app", {"mylocalhosts", "app", "", ""}, "mylocalhosts/app", "mylocalhosts/app"},
      {"localhost:5000/app:1", {"localhost:5000", "app", "1", ""}, "localhost:5000/app:1", "localhost:5000/app:1"},
      {"team/sub/app", {"team", "sub/app", "", ""}, "team/sub/app", "team/sub/app"},
      {"reg.example.com:5000/a/b/c:v1.2_x-Y",
       {"reg.example.com:5000", "a/b/c", "v1.2_x-Y", ""},
       "reg.example.com:5000/a/b/c:v1.2_x-Y",
       "reg.example.com:5000/a/b/c:v1.2_x-Y"},
      // Ours: a port makes a registry.
      {"reg:5000/app:1", {"reg:5000", "app", "1", ""}, "reg:5000/app:1", "reg:5000/app:1"},
      // A digest hides the tag.
      {"app:1@sha256:abc", {"", "app", "1", "abc"}, "app@sha256:abc", "index.docker.io/library/app:1"},
      {"q.io/a@sha256:abc", {"q.io", "a", "", "abc"}, "q.io/a@sha256:abc", "q.io/a"},
      // A trailing dot is no dotted name.
      {"team./app", {"", "team./app", "", ""}, "team./app", "index.docker.io/team./app"},
  };
  for (const auto& row : rows) {
    const auto ref = ImageRef::parse(row.text);
    ASSERT_TRUE(ref) << row.text;
    EXPECT_EQ(*ref, row.parts) << row.text;
    EXPECT_EQ(ref->to_string(), row.printed);
    EXPECT_EQ(ref->canonical().to_string(), row.canonical);
    EXPECT_EQ(to_json(*ref), row.printed);
  }
}

TEST(ImageRefTest, RefusesWhatIsNone) {
  EXPECT_EQ(ImageRef::parse("").error().message, "parsing \"\": blank image name: invalid image ID");
  for (const auto* text : {"/app", "app/", "/", ":", ":1", "app:", "app:1:2", "a/b:1:2", "app@sha256:", "@sha256:abc",
                           "app@sha512:abc", "app@sha256:a@sha256:b", "quay.io/:1", "app@"}) {
    const auto ref = ImageRef::parse(text);
    ASSERT_FALSE(ref) << text;
    EXPECT_EQ(ref.error().kind, ErrorKind::user);
    EXPECT_THAT(ref.error().message, testing::StartsWith(std::string("parsing \"") + text + "\": "));
    EXPECT_THAT(ref.error().message, testing::EndsWith("invalid image ID"));
    EXPECT_FALSE(ref.error().help.empty());
  }
}

TEST(ImageRefTest, PrintsRefsThatDoNotParse) {
  EXPECT_EQ(ImageRef().to_string(), "");
  EXPECT_TRUE(ImageRef().empty());
  EXPECT_EQ((ImageRef{"", "", "broken", ""}.to_string()), ":broken");
}

TEST(ImageRefTest, ChangesTheTagOnly) {
  EXPECT_EQ(ImageRef::parse("q.io/a:1")->with_tag("2").to_string(), "q.io/a:2");
  EXPECT_EQ(ImageRef::parse("q.io/a:1@sha256:d")->with_tag("2"), (ImageRef{"q.io", "a", "2", "d"}));
}

TEST(ImageRefTest, ReadsJsonStrictlyOrNot) {
  EXPECT_EQ(image_ref_from_json("a:1")->to_string(), "a:1");
  for (const Json& json : {Json(nullptr), Json(""), Json(":tag"), Json(1), Json::object()})
    EXPECT_FALSE(image_ref_from_json(json)) << json;
  for (const Json& json : {Json(nullptr), Json("")}) EXPECT_TRUE(image_ref_or_none(json)->empty()) << json;
  for (const Json& json : {Json(":tag"), Json(false), Json::array()}) EXPECT_FALSE(image_ref_or_none(json)) << json;
}

}  // namespace image_ref_test
}  // namespace flux
