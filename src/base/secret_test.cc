#include "base/secret.h"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>

#include "base/log.h"

namespace flux {
namespace secret_test {

TEST(SecretTest, IsNotPrinted) {
  std::ostringstream out;
  out << Secret("hunter2");
  EXPECT_EQ(out.str(), "<redacted>");
}

TEST(SecretTest, CannotBecomeTextOrALogFieldByAccident) {
  EXPECT_FALSE((std::is_convertible_v<Secret, std::string>));
  EXPECT_FALSE((std::is_convertible_v<Secret, std::string_view>));
  EXPECT_FALSE((std::is_convertible_v<std::string, Secret>));
  EXPECT_FALSE((std::is_constructible_v<LogField, std::string_view, Secret>));
}

struct ScrubRow {
  const char* text;
  std::vector<Secret> secrets;
  const char* scrubbed;
};

TEST(SecretTest, IsScrubbedOutOfForeignText) {
  const std::vector<ScrubRow> rows{
      {"fatal: https://me:hunter2@host/", {Secret("hunter2")}, "fatal: https://me:<redacted>@host/"},
      {"hunter2hunter2", {Secret("hunter2")}, "<redacted>"},
      {"xabcdex", {Secret("abcd"), Secret("cde")}, "x<redacted>x"},
      {"xaaaax", {Secret("aaa")}, "x<redacted>x"},
      {"one two", {Secret("one"), Secret("two")}, "<redacted> <redacted>"},
      {"ab", {Secret("ab")}, "ab"},
      {"nothing here", {Secret("hunter2"), Secret()}, "nothing here"},
      {"redacted", {Secret("redacted")}, "<redacted>"},
      {"abcd abc", {Secret("abc"), Secret("abcd")}, "<redacted> <redacted>"},
      {"xtoken acted", {Secret("token"), Secret("acted")}, "x<redacted> <redacted>"},
      {"", {Secret("abc")}, ""},
  };
  for (const auto& row : rows) EXPECT_EQ(scrub(row.text, row.secrets), row.scrubbed) << row.text;
}

}  // namespace secret_test
}  // namespace flux
