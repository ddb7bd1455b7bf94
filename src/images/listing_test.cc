#include "images/listing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flux::images {
namespace listing_test {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

Repository shop() {
  Repository out;
  for (const auto& [tag, created] : std::vector<std::pair<const char*, const char*>>{{"1.4.0", "2021-01-01T00:00:00Z"},
                                                                                     {"1.4.1", "2021-03-01T09:00:00Z"},
                                                                                     {"1.4.2", "2021-03-08T09:00:00Z"},
                                                                                     {"2.0", "2021-02-01T00:00:00Z"},
                                                                                     {"2.0.0", "2021-02-01T00:00:00Z"},
                                                                                     {"latest", "2021-03-09T00:00:00Z"},
                                                                                     {"nightly", ""}}) {
    out.tags.emplace_back(tag);
    auto& info = out.images[tag];
    info.id = {"index.docker.io", "library/cart", tag, ""};
    info.digest = std::string("sha256:of-") + tag;
    info.created_at = parse_timestamp(created);
  }
  out.tags.insert(out.tags.begin(), "broken");
  out.tags.emplace_back("sha256-aa.sig");
  out.excluded["sha256-aa.sig"] = "a signature";
  return out;
}

std::vector<std::string> ids(const Listing& listing) {
  std::vector<std::string> out;
  for (const auto& image : listing.available) out.push_back(image.id.to_string());
  return out;
}

struct Row {
  const char* name;
  const char* pattern;
  const char* running;
  const char* current;
  const char* latest;
  std::vector<const char*> available;
  std::size_t new_available;
  std::size_t filtered;
  std::size_t new_filtered;
};

TEST(ListImagesTest, AsFluxDoes) {
  const std::vector<const char*> by_time = {"cart:latest", "cart:1.4.2", "cart:1.4.1", "cart:2.0",
                                            "cart:2.0.0",  "cart:1.4.0", ":broken",    "cart:nightly"};
  const std::vector<const char*> by_version = {"cart:2.0.0", "cart:2.0", "cart:1.4.2",  "cart:1.4.1",
                                               "cart:1.4.0", ":broken",  "cart:latest", "cart:nightly"};
  const Row rows[] = {
      {"by time", "glob:*", "cart:1.4.1", "cart:1.4.1", "cart:1.4.2", by_time, 2, 7, 1},
      {"by time, a few", "regexp:^2", "cart:1.4.0", "cart:1.4.0", "cart:2.0", by_time, 5, 2, 2},
      {"by version", "semver:~1.4", "cart:1.4.1", "cart:1.4.1", "cart:1.4.2", by_version, 3, 3, 1},
      {"the tag that runs has no metadata", "semver:*", "cart:broken", "", "cart:2.0.0", by_version, 5, 5, 5},
      {"it is no tag of the repository", "glob:*", "cart:gone", "", "cart:1.4.2", by_time, 6, 7, 5},
      {"it has none", "glob:*", "cart", "", "cart:1.4.2", by_time, 6, 7, 5},
      {"nothing passes", "glob:x", "cart:1.4.1", "cart:1.4.1", "", by_time, 2, 0, 0},
      {"an invalid filter", "semver:~3.", "cart:1.4.1", "cart:1.4.1", "", by_version, 3, 0, 0},
      {"latest itself", "glob:latest", "cart:1.4.1", "cart:1.4.1", "cart:latest", by_time, 2, 1, 1},
      {"a digest is dropped, its tag counts", "glob:*", "cart:1.4.1@sha256:ab", "cart:1.4.1", "cart:1.4.2", by_time, 2,
       7, 1},
  };
  for (const auto& row : rows) {
    const auto listing = list_images(shop(), TagPattern(row.pattern), ImageRef::parse(row.running).value());
    EXPECT_EQ(listing.current.id.to_string(), row.current) << row.name;
    EXPECT_EQ(listing.latest_filtered.id.to_string(), row.latest) << row.name;
    EXPECT_THAT(ids(listing), ElementsAreArray(row.available)) << row.name;
    EXPECT_EQ(listing.new_available_count, row.new_available) << row.name;
    EXPECT_EQ(listing.filtered_count, row.filtered) << row.name;
    EXPECT_EQ(listing.new_filtered_count, row.new_filtered) << row.name;
  }
}

TEST(ListImagesTest, KeepsTheNameAsWrittenAndAllElse) {
  const auto listing = list_images(shop(), TagPattern("semver:*"), ImageRef::parse("docker.io/cart:1.4.0").value());
  EXPECT_EQ(listing.available[0].id.to_string(), "docker.io/cart:2.0.0");
  EXPECT_EQ(listing.available[0].digest, "sha256:of-2.0.0");
  EXPECT_EQ(listing.latest_filtered, listing.available[0]);
  EXPECT_EQ(listing.current, listing.available[4]);
}

TEST(ListImagesTest, WhatIsNoImageIsListedWhenAsked) {
  const auto listing = list_images(shop(), TagPattern("glob:sha*"), ImageRef::parse("cart:1.4.1").value(), true);
  EXPECT_EQ(ids(listing).at(7), ":sha256-aa.sig");
  EXPECT_EQ(listing.available.size(), 9U);
  EXPECT_EQ(listing.filtered_count, 0U);
}

TEST(ListImagesTest, NothingKnown) {
  const auto listing = list_images({}, TagPattern(), ImageRef::parse("cart:1").value());
  EXPECT_THAT(listing.available, IsEmpty());
  EXPECT_EQ(listing.current, ImageInfo());
  EXPECT_EQ(listing.latest_filtered, ImageInfo());
}

}  // namespace listing_test
}  // namespace flux::images
