#include "api/wire/image_status.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace flux::api {
namespace image_status_test {

constexpr const char* kCart =
    R"([{"ID":"shop:deployment/cart","Containers":[{"Name":"cart",)"
    R"("Current":{"ID":"registry.example.com/shop/cart:1.4.1","Digest":"sha256:aa","ImageID":"sha256:bb","Labels":{},)"
    R"("CreatedAt":"2021-03-01T09:00:00Z","LastFetched":"2021-03-09T10:11:12.5Z"},)"
    R"("LatestFiltered":{"ID":"registry.example.com/shop/cart:1.4.2","Labels":{},"CreatedAt":"2021-03-08T09:00:00Z"},)"
    R"("Available":[{"ID":"registry.example.com/shop/cart:1.4.2","Labels":{},"CreatedAt":"2021-03-08T09:00:00Z"},)"
    R"({"ID":"registry.example.com/shop/cart:1.4.1","Labels":{},"CreatedAt":"2021-03-01T09:00:00Z"},)"
    R"({"ID":":broken","Labels":{}}],)"
    R"("AvailableImagesCount":3,"NewAvailableImagesCount":1,"FilteredImagesCount":2,"NewFilteredImagesCount":1}]}])";

ImageInfo info(const char* tag, const char* created) {
  ImageInfo out{{"registry.example.com", "shop/cart", tag, ""}};
  out.created_at = parse_timestamp(created);
  return out;
}

ImageStatus cart() {
  Container container{"cart", info("1.4.1", "2021-03-01T09:00:00Z"), info("1.4.2", "2021-03-08T09:00:00Z")};
  container.current.digest = "sha256:aa";
  container.current.image_id = "sha256:bb";
  container.current.last_fetched = parse_timestamp("2021-03-09T10:11:12.5Z");
  container.available = {
      info("1.4.2", "2021-03-08T09:00:00Z"), info("1.4.1", "2021-03-01T09:00:00Z"), {{"", "", "broken", ""}}};
  container.available_count = 3;
  container.new_available_count = 1;
  container.filtered_count = 2;
  container.new_filtered_count = 1;
  return {ResourceId("shop", "deployment", "cart"), {container}};
}

TEST(ImageStatusTest, IsByteForByteThatOfTheContract) {
  EXPECT_EQ(encode_json(to_json(std::vector{cart()})), kCart);
  EXPECT_EQ(*decode_json(kCart).and_then(image_statuses_from_json), std::vector{cart()});
}

TEST(ImageStatusTest, SaysWhyATagIsNoImageWhereThatWasAskedFor) {
  auto with_chart = cart();
  with_chart.containers[0].excluded = {{"6.0.0", "not an image: chart"}, {"sha256-00.sig", "a signature"}};
  const auto json = encode_json(to_json(std::vector{with_chart}));
  EXPECT_NE(json.find(R"("NewFilteredImagesCount":1,"Excluded":{"6.0.0":"not an image: chart","sha256-00.sig":)"),
            std::string::npos)
      << json;
  EXPECT_EQ(*decode_json(json).and_then(image_statuses_from_json), std::vector{with_chart});
}

TEST(ImageStatusTest, WritesNullForNothing) {
  EXPECT_EQ(encode_json(to_json(std::vector<ImageStatus>())), "null");
  EXPECT_EQ(encode_json(to_json(std::vector{ImageStatus{ResourceId("a", "cronjob", "b"), {}}})),
            R"([{"ID":"a:cronjob/b","Containers":null}])");
  EXPECT_TRUE(image_statuses_from_json(nullptr)->empty());
}

TEST(ImageInfoTest, WritesLabelsThatAreKnown) {
  ImageInfo labelled;
  EXPECT_EQ(encode_json(to_json(labelled)), R"({"ID":"","Labels":{}})");
  labelled.build_date = parse_timestamp("2021-03-01T09:00:00Z");
  labelled.image_created = parse_timestamp("2021-03-02T09:00:00.25Z");
  EXPECT_EQ(encode_json(to_json(labelled)),
            R"({"ID":"","Labels":{"org.label-schema.build-date":"2021-03-01T09:00:00Z",)"
            R"("org.opencontainers.image.created":"2021-03-02T09:00:00.25Z"}})");
  EXPECT_EQ(*image_info_from_json(to_json(labelled)), labelled);
}

TEST(ImageInfoTest, ReadsOnBehindAnIdOrATimeThatDoesNotParse) {
  for (const auto* id : {R"("")", R"("a:b:c")", "null"}) {
    const auto read = decode_json(std::string(R"({"ID":)") + id +
                                  R"(,"Digest":"d","CreatedAt":"yesterday","LastFetched":"2021-03-01T09:00:00Z"})")
                          .and_then(image_info_from_json);
    ASSERT_TRUE(read) << id;
    EXPECT_TRUE(read->id.empty());
    EXPECT_EQ(read->digest, "d");
    EXPECT_FALSE(read->created_at);
    EXPECT_TRUE(read->last_fetched);
  }
  EXPECT_FALSE(image_info_from_json({{"ID", 1}}));
  EXPECT_FALSE(image_info_from_json({{"Digest", 1}}));
  EXPECT_FALSE(image_info_from_json("x"));
}

TEST(KeepFieldsTest, ClearsTheOthers) {
  auto container = cart().containers.front();
  ASSERT_TRUE(keep_fields(container, {}));
  EXPECT_EQ(container, cart().containers.front());
  ASSERT_TRUE(keep_fields(container, {"Name", "AvailableImagesCount"}));
  EXPECT_EQ(encode_json(to_json(container)),
            R"({"Name":"cart","Current":{"ID":"","Labels":{}},"LatestFiltered":{"ID":"","Labels":{}},)"
            R"("AvailableImagesCount":3})");
}

TEST(KeepFieldsTest, KnowsAllNineAndNoOther) {
  for (const auto* field : {"Name", "Current", "LatestFiltered", "Available", "AvailableError", "AvailableImagesCount",
                            "NewAvailableImagesCount", "FilteredImagesCount", "NewFilteredImagesCount"}) {
    auto container = cart().containers.front();
    container.available_error = "e";
    const auto before = encode_json(to_json(container));
    EXPECT_TRUE(keep_fields(container, {field})) << field;
    EXPECT_NE(encode_json(to_json(container)), before);
  }
  Container container;
  for (const auto* field : {"name", "", "Labels"}) {
    const auto kept = keep_fields(container, {"Name", field});
    ASSERT_FALSE(kept);
    EXPECT_EQ(kept.error().message, std::string(field) + " is an invalid field");
  }
}

}  // namespace image_status_test
}  // namespace flux::api
