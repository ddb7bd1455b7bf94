#include "images/semver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flux::images {
namespace semver_test {

TEST(VersionTest, ReadsWhatTagsWrite) {
  const struct {
    const char* text;
    Version version;
  } rows[] = {
      {"1.2.3", {1, 2, 3}},
      {"v1.2.3", {1, 2, 3}},
      {"2", {2, 0, 0}},
      {"v2", {2, 0, 0}},
      {"1.4", {1, 4, 0}},
      {"01.2", {1, 2, 0}},
      {"1-rc", {1, 0, 0, "rc"}},
      {"1.2-rc.1", {1, 2, 0, "rc.1"}},
      {"1.2.3-0", {1, 2, 3, "0"}},
      {"1.2.3-01a", {1, 2, 3, "01a"}},
      {"1.2.3--", {1, 2, 3, "-"}},
      {"1.2.3-a-b.c", {1, 2, 3, "a-b.c"}},
      {"1.2.3+build.01", {1, 2, 3}},
      {"1.2.3-rc+build", {1, 2, 3, "rc"}},
      {"1+b", {1, 0, 0}},
      {"20200309123553", {20200309123553U, 0, 0}},
      {"18446744073709551615", {18446744073709551615U, 0, 0}},
  };
  for (const auto& row : rows) EXPECT_EQ(Version::parse(row.text), row.version) << row.text;
}

TEST(VersionTest, RefusesWhatIsNone) {
  for (const auto* text : {"",
                           "v",
                           "V1",
                           "vv1",
                           "1.",
                           "1.2.",
                           ".1",
                           "1.2.3.4",
                           "1.2.x",
                           "release-1",
                           "1_2",
                           "1.2.3-",
                           "1.2.3-a..b",
                           "1.2.3-.a",
                           "1.2.3-a.",
                           "1.2.3-01",
                           "1.2.3-a.00",
                           "1.2.3+",
                           "1.2.3+a..b",
                           "1.2.3-rc_1",
                           "1.2.3 ",
                           " 1",
                           "-1",
                           "+1",
                           "1.-2",
                           "18446744073709551616",
                           "1.18446744073709551616",
                           "latest",
                           "1.2.3-\xc3\xa9"})
    EXPECT_EQ(Version::parse(text), std::nullopt) << text;
}

TEST(VersionTest, OrdersByPrecedence) {
  const char* const ascending[] = {"0.9.9",
                                   "1.0.0-0",
                                   "1.0.0-1",
                                   "1.0.0-2",
                                   "1.0.0-10",
                                   "1.0.0-10.0",
                                   "1.0.0-10.a",
                                   "1.0.0--",
                                   "1.0.0-99999999999999999999",
                                   "1.0.0-A",
                                   "1.0.0-alpha",
                                   "1.0.0-alpha.1",
                                   "1.0.0-alpha.b",
                                   "1.0.0-b",
                                   "1.0.0-rc.98",
                                   "1.0.0-rc.100",
                                   "1.0.0",
                                   "1.0.1-a",
                                   "1.0.1",
                                   "1.1",
                                   "1.10",
                                   "2"};
  for (std::size_t i = 0; i < std::size(ascending); ++i)
    for (std::size_t j = 0; j < std::size(ascending); ++j)
      EXPECT_EQ(Version::parse(ascending[i]).value() <=> Version::parse(ascending[j]).value(), i <=> j)
          << ascending[i] << " " << ascending[j];
}

TEST(VersionTest, IgnoresSpellingAndBuild) {
  for (const auto* text : {"1.4.0", "v1.4", "01.04", "1.4+build", "1.4.0+other"})
    EXPECT_EQ(Version::parse(text), Version::parse("1.4")) << text;
}

}  // namespace semver_test
}  // namespace flux::images
