#include "images/semver_constraint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flux::images {
namespace semver_constraint_test {

using ::testing::HasSubstr;

struct Row {
  const char* constraint;
  std::vector<const char*> allowed;
  std::vector<const char*> refused;
};

void expect_rows(const std::vector<Row>& rows) {
  for (const auto& [text, allowed, refused] : rows) {
    const auto constraint = VersionConstraint::parse(text);
    ASSERT_TRUE(constraint) << text;
    for (const auto* version : allowed)
      EXPECT_TRUE(constraint->allows(Version::parse(version).value())) << text << " takes " << version;
    for (const auto* version : refused)
      EXPECT_FALSE(constraint->allows(Version::parse(version).value())) << text << " does not take " << version;
  }
}

TEST(VersionConstraintTest, Operators) {
  expect_rows({
      {"1.2.3", {"1.2.3", "v1.2.3+b"}, {"1.2.4", "1.2.3-rc"}},
      {"=1.2.3", {"1.2.3"}, {"1.2.4"}},
      {"1.4", {"1.4.0", "1.4.9"}, {"1.3.9", "1.5.0", "2.4.0"}},
      {"=1.4.x", {"1.4.0", "1.4.9"}, {"1.5.0"}},
      {"1", {"1.0.0", "1.9.9"}, {"0.9.0", "2.0.0"}},
      {"1.x", {"1.0.0", "1.9.9"}, {"2.0.0"}},
      {"*", {"0.0.0", "99.0.0"}, {"1.0.0-rc"}},
      {"x", {"3.0.0"}, {}},
      {"!=1.2.3", {"1.2.4", "1.2.3-rc"}, {"1.2.3"}},
      {"!=1.2", {"1.3.0", "2.2.0"}, {"1.2.0", "1.2.9", "1.3.0-rc"}},
      {"!=1", {"2.0.0"}, {"1.9.0"}},
      {"!=*", {"0.0.1"}, {"0.0.0"}},
      {">1.2.3", {"1.2.4", "2.0.0"}, {"1.2.3", "1.3.0-rc"}},
      {">1.x", {"2.0.0"}, {"1.9.9"}},
      {">1.2", {"1.3.0", "2.0.0"}, {"1.2.9", "0.9.0"}},
      {">*", {"0.0.1"}, {"0.0.0"}},
      {">=1.2", {"1.2.0", "3.0.0"}, {"1.1.9"}},
      {"=>1.2", {"1.2.0"}, {"1.1.9"}},
      {"<1.2", {"1.1.9"}, {"1.2.0"}},
      {"<=1.2.3", {"1.2.3"}, {"1.2.4"}},
      {"<=1.2", {"1.2.9", "0.9.0"}, {"1.3.0", "2.0.0"}},
      {"=<1", {"1.9.9"}, {"2.0.0"}},
      {"<=*", {"0.0.7"}, {"0.1.0"}},
      {"~1.2.3", {"1.2.3", "1.2.9"}, {"1.2.2", "1.3.0"}},
      {"~>1.2", {"1.2.0"}, {"1.3.0"}},
      {"~1", {"1.9.0"}, {"2.0.0"}},
      {"~0.0.0", {"0.0.0", "7.0.0"}, {"7.0.0-rc"}},
      {"~0.0", {"0.0.5"}, {"0.1.0"}},
      {"^1.2.3", {"1.2.3", "1.9.0"}, {"1.2.2", "2.0.0"}},
      {"^0.3", {"0.3.0", "0.3.9"}, {"0.4.0", "1.3.0"}},
      {"^0.3.1", {"0.3.1"}, {"0.3.0", "0.4.0"}},
      {"^0", {"0.9.0"}, {"1.0.0"}},
      {"^0.0", {"0.0.9"}, {"0.1.0"}},
  });
}

TEST(VersionConstraintTest, TheTwoDefectsOfTheLibraryAreMended) {
  expect_rows({
      {"^0.0.5", {"0.0.5", "0.0.5+b"}, {"0.0.6", "0.7.5", "1.0.5"}},
      {"^*", {"0.0.0", "0.1.1", "5.4.3"}, {"5.4.3-rc"}},
  });
}

TEST(VersionConstraintTest, PrereleasesAreInvitedByNamingOne) {
  expect_rows({
      {"~2", {"2.0.1"}, {"2.1.0-rc.1"}},
      {">=2.0.0-0", {"2.0.0-alpha", "2.0.1", "3.0.0-rc"}, {"1.9.9"}},
      {"*-0", {"1.0.0"}, {"1.0.0-rc"}},
      {"1.x-0", {"1.2.0-rc"}, {"2.0.0-rc"}},
      {"1.2.x-0", {"1.2.5-rc"}, {"1.3.0-rc"}},
      {">=1.0.0-0 <2", {"1.5.0"}, {"1.5.0-rc"}},
      {"!=1.2.x-0", {"1.2.3", "1.2.3-5"}, {"1.2.3-0"}},
  });
}

TEST(VersionConstraintTest, ListsAndRanges) {
  expect_rows({
      {">=1 <2", {"1.5.0"}, {"2.0.0"}},
      {">=1,<2", {"1.5.0"}, {"2.0.0"}},
      {">=1<2", {"1.5.0"}, {"2.0.0"}},
      {" >= 1 , < 2 ,", {"1.5.0"}, {"2.0.0"}},
      {"1v1.2", {"1.2.0"}, {"1.3.0"}},
      {"1 || 3", {"1.0.0", "3.1.0"}, {"2.0.0"}},
      {"1||3", {"1.0.0", "3.1.0"}, {"2.0.0"}},
      {"1.2 - 1.4.5", {"1.2.0", "1.4.5"}, {"1.1.9", "1.4.6"}},
      {"1 - 2 || 5 - 6", {"1.0.0", "2.9.0", "6.0.0"}, {"4.0.0"}},
      {"1 - 2, !=1.5.0", {"1.4.0"}, {"1.5.0", "3.0.0"}},
      // As the library reads them, however odd.
      {"1 - 2 3", {"23.0.0"}, {"24.0.0"}},
      {"1||2 - 3", {"9.0.0"}, {"0.1.0"}},
      {"1.x.|", {"1.5.0"}, {"2.0.0"}},
  });
}

TEST(VersionConstraintTest, RefusesWhatIsNone) {
  for (const auto* text :
       {"~3.",       "V1",       "1.2.3.4", "foo", "1 -2 x", "1-2.", ">",    "> >1", "1,,2",
        ",1",        "1.2.3-01", "1.2_3",   "><1", "===1",   "1..2", "1.xx", "11x",  "99999999999999999999",
        "1 - 2 - 3", ">=a"}) {
    const auto constraint = VersionConstraint::parse(text);
    ASSERT_FALSE(constraint) << text;
    EXPECT_EQ(constraint.error().kind, ErrorKind::user);
    EXPECT_THAT(constraint.error().message, HasSubstr("is no version constraint")) << text;
  }
  for (const auto* text : {"", " ", "1||", "||1", "1 || || 2"})
    EXPECT_THAT(VersionConstraint::parse(text).error().message, HasSubstr("is empty")) << text;
}

}  // namespace semver_constraint_test
}  // namespace flux::images
