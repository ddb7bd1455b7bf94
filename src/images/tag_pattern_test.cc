#include "images/tag_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace flux::images {
namespace tag_pattern_test {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

TEST(TagPatternTest, CanonicalTextAndOrder) {
  const struct {
    const char* text;
    const char* canonical;
    bool needs_created;
  } rows[] = {
      {"glob:v1.*", "glob:v1.*", true},
      {"v1.*", "glob:v1.*", true},
      {"", "glob:", true},
      {"glob:", "glob:", true},
      {"glob: x", "glob: x", true},
      {"GLOB:x", "glob:GLOB:x", true},
      {" semver:1", "glob: semver:1", true},
      {"glob:glob:x", "glob:glob:x", true},
      {"semver:~1", "semver:~1", false},
      {"semver:~3.", "semver:~3.", false},
      {"regexp:^a", "regexp:^a", true},
      {"regex:^a", "regexp:^a", true},
      {"regexp:(", "regexp:(", true},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(TagPattern(row.text).to_string(), row.canonical);
    EXPECT_EQ(TagPattern(row.text).needs_created(), row.needs_created) << row.text;
  }
  EXPECT_EQ(TagPattern().to_string(), "glob:*");
}

TEST(TagPatternTest, Matches) {
  const struct {
    const char* pattern;
    std::vector<const char*> matched;
    std::vector<const char*> passed_over;
  } rows[] = {
      {"glob:*", {"", "1", "anything"}, {"latest", "LATEST", "Latest"}},
      {"glob:v*-rc", {"v-rc", "v1-rc"}, {"v1-rc1", "xv1-rc", "V1-rc"}},
      {"glob:a?[b]", {"a?[b]"}, {"axb"}},
      {"glob:", {""}, {"a"}},
      {"glob: develop-*", {" develop-1"}, {"develop-1"}},
      {"glob:latest", {"latest"}, {"LATEST", "1"}},
      {"latest", {"latest"}, {"Latest"}},
      {"glob:lat*", {"later", "latest-1"}, {"latest"}},
      {"regexp:^latest$", {}, {"latest"}},
      {"regexp:[0-9]+", {"239", "feature-x1"}, {"stable"}},
      {"regexp:^[0-9]+$", {"239"}, {"feature-x1", "1 "}},
      {"regexp:", {"a", ""}, {"latest"}},
      {"regex:(?i)^RC", {"rc1"}, {"1rc"}},
      {"regexp:^\\\\?C\\Q\\C", {"C\\C"}, {"C1"}},
      {"semver:*", {"1", "v2.0.1", "48210957"}, {"1.0.0-rc", "latest", "x", "9f3c2a1b"}},
      {"semver:~1.4", {"1.4.2", "v1.4"}, {"1.5.0"}},
  };
  for (const auto& [text, matched, passed_over] : rows) {
    const TagPattern pattern(text);
    EXPECT_EQ(pattern.problem(), "");
    for (const auto* tag : matched) EXPECT_TRUE(pattern.matches(tag)) << text << " takes '" << tag << "'";
    for (const auto* tag : passed_over) EXPECT_FALSE(pattern.matches(tag)) << text << " does not take '" << tag << "'";
  }
}

TEST(TagPatternTest, AnInvalidOneMatchesNothingAndSaysWhy) {
  const struct {
    std::string pattern;
    const char* problem;
  } rows[] = {
      {"semver:", "an alternative of the version constraint is empty"},
      {"semver:~3.", "\"~3.\" is no version constraint"},
      {"regexp:^(?![1]).*", "\"^(?![1]).*\" is no regular expression: invalid perl operator: (?!"},
      {"regex:[a", "\"[a\" is no regular expression: missing ]"},
      {"regexp:\\1", "is no regular expression"},
      {"regexp:\\\\\\Qa\\C\\E\\C", "invalid escape sequence: \\C"},
      {"regexp:(?P<n\xc3\xa9>a)", "the name of a group is not ASCII"},
      {"regexp:" + std::string(4097, 'a'), "it is 4097 bytes long, more than 4096"},
      {"glob:" + std::string(4097, '*'), "it is 4097 bytes long, more than 4096"},
      {"regexp:((((a{100}){100}){100}){100})", "is no regular expression"},
  };
  for (const auto& row : rows) {
    const TagPattern pattern(row.pattern);
    EXPECT_THAT(pattern.problem(), HasSubstr(row.problem));
    for (const auto* tag : {"", "1", "1.2.3", "a", "latest"}) EXPECT_FALSE(pattern.matches(tag)) << row.pattern;
    EXPECT_EQ(pattern.to_string().substr(0, 6), row.pattern == "regex:[a" ? "regexp" : row.pattern.substr(0, 6));
  }
}

ImageInfo image(const char* reference, const char* created = "") {
  ImageInfo info{ImageRef::parse(reference).value()};
  info.created_at = parse_timestamp(created);
  return info;
}

struct Sorted {
  const char* name;
  const char* pattern;
  std::vector<ImageInfo> newest_first;
};

TEST(TagPatternTest, NewestFirst) {
  const Sorted rows[] = {
      {"by time",
       "glob:*",
       {image("a:5", "2020-03-01T00:00:00.5Z"), image("a:1", "2020-03-01T00:00:00Z"),
        image("a:9", "2020-02-01T00:00:00Z"), image("a:v", "2020-02-01T00:00:00Z"), image("a:0"), image("a:z")}},
      {"ties by the whole reference",
       "regexp:.",
       {image("a/b/c:2", "1970-01-01T00:00:00Z"),
        image("a:3", "1970-01-01T00:00:00Z"),
        image("b:1", "1970-01-01T00:00:00Z"),
        {ImageRef{"", "", "0", ""}}}},
      {"by version",
       "semver:*",
       {image("a:v10"), image("a:2.0.0"), image("a:2.0"), image("a:2"), image("a:2-rc", "2030-01-01T00:00:00Z"),
        image("a:1.4+b"), image("a:1.4+a"), image("a:1.4"), image("a:01.4"), image("a:latest"), image("a:x")}},
      {"an invalid constraint orders by version, too", "semver:~3.", {image("a:2"), image("a:1"), image("a:x")}},
  };
  for (const auto& row : rows) {
    const TagPattern pattern(row.pattern);
    for (std::size_t i = 0; i < row.newest_first.size(); ++i)
      for (std::size_t j = 0; j < row.newest_first.size(); ++j)
        EXPECT_EQ(pattern.newer(row.newest_first[i], row.newest_first[j]), i < j) << row.name << " " << i << " " << j;
  }
}

}  // namespace tag_pattern_test
}  // namespace flux::images
