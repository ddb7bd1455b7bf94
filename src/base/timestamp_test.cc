#include "base/timestamp.h"

#include <gtest/gtest.h>

namespace flux {
namespace timestamp_test {

TEST(TimestampTest, ReadsAndWritesRfc3339) {
  const std::pair<const char*, const char*> rows[] = {
      {"2021-03-09T10:11:12Z", "2021-03-09T10:11:12Z"},
      {"2021-03-09T10:11:12.5Z", "2021-03-09T10:11:12.5Z"},
      {"2021-03-09T10:11:12.500Z", "2021-03-09T10:11:12.5Z"},
      {"2021-03-09T10:11:12.000000001Z", "2021-03-09T10:11:12.000000001Z"},
      {"2021-03-09T10:11:12.1234567899Z", "2021-03-09T10:11:12.123456789Z"},
      {"2021-03-09T10:11:12.000Z", "2021-03-09T10:11:12Z"},
      {"2021-03-09T00:30:00+01:30", "2021-03-08T23:00:00Z"},
      {"2020-02-29T23:59:59-00:01", "2020-03-01T00:00:59Z"},
      {"1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.25Z"},
      {"1700-01-01T00:00:00Z", "1700-01-01T00:00:00Z"},
      {"2261-12-31T23:59:59.999999999Z", "2261-12-31T23:59:59.999999999Z"},
  };
  for (const auto& [text, written] : rows) {
    const auto time = parse_timestamp(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(format_timestamp(*time), written) << text;
  }
  EXPECT_EQ(format_timestamp(Timestamp()), "1970-01-01T00:00:00Z");
}

TEST(TimestampTest, RefusesTheRest) {
  for (const auto* text :
       {"", "2021-03-09", "2021-03-09T10:11:12", "2021-03-09 10:11:12Z", "2021-3-9T10:11:12Z", "2021-02-29T10:11:12Z",
        "2021-13-01T00:00:00Z", "2021-00-01T00:00:00Z", "2021-03-09T24:00:00Z", "2021-03-09T10:60:12Z",
        "2021-03-09T10:11:60Z", "2021-03-09T10:11:12.Z", "2021-03-09T10:11:12+1:00", "2021-03-09T10:11:12+25:00",
        "2021-03-09T10:11:12Zx", "0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z", "-021-03-09T10:11:12Z",
        "2021-+3-09T10:11:12Z"})
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
}

}  // namespace timestamp_test
}  // namespace flux
