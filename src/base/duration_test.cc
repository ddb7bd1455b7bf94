#include "base/duration.h"

#include <gtest/gtest.h>

#include <limits>

namespace flux {
namespace duration_test {

struct ParseRow {
  const char* text;
  std::int64_t nanoseconds;
  const char* error;
};

// What Go's time.ParseDuration says to the same texts.
const std::vector<ParseRow> kParsed{
    {"0", 0, ""},
    {"+0", 0, ""},
    {"-0", 0, ""},
    {"5m", 300000000000, ""},
    {"1h15m", 4500000000000, ""},
    {"1.5s", 1500000000, ""},
    {"-2ms", -2000000, ""},
    {".5s", 500000000, ""},
    {"1.s", 1000000000, ""},
    {"1h1h", 7200000000000, ""},
    {"100ns", 100, ""},
    {"1us", 1000, ""},
    {"1\xC2\xB5s", 1000, ""},
    {"1\xCE\xBCs", 1000, ""},
    {"2562047h47m16.854775807s", 9223372036854775807, ""},
    {"2562047h47m16.854775808s", 0, "time: invalid duration \"2562047h47m16.854775808s\""},
    {"-2562047h47m16.854775808s", std::numeric_limits<std::int64_t>::min(), ""},
    {"9223372036854775807ns", 9223372036854775807, ""},
    {"9223372036854775808ns", 0, "time: invalid duration \"9223372036854775808ns\""},
    {"-9223372036854775808ns", std::numeric_limits<std::int64_t>::min(), ""},
    {"-9223372036854775809ns", 0, "time: invalid duration \"-9223372036854775809ns\""},
    {"0.3333333333333333333h", 1200000000000, ""},
    {"0.100000000000000000000h", 360000000000, ""},
    {"1.0000000000000000000000001s", 1000000000, ""},
    {"0.830103483285477580700h", 2988372539827, ""},
    {"39h9m14.425s", 140954425000000, ""},
    {"3000000h", 0, "time: invalid duration \"3000000h\""},
    {"", 0, "time: invalid duration \"\""},
    {"5", 0, "time: missing unit in duration \"5\""},
    {"x", 0, "time: invalid duration \"x\""},
    {"5x", 0, "time: unknown unit \"x\" in duration \"5x\""},
    {"1.2.3s", 0, "time: missing unit in duration \"1.2.3s\""},
    {".", 0, "time: invalid duration \".\""},
    {" 5s", 0, "time: invalid duration \" 5s\""},
    {"5 s", 0, "time: unknown unit \" s\" in duration \"5 s\""},
    {"-", 0, "time: invalid duration \"-\""},
    {"+", 0, "time: invalid duration \"+\""},
    {"5s5", 0, "time: missing unit in duration \"5s5\""},
    {"1d", 0, "time: unknown unit \"d\" in duration \"1d\""},
    {"1e3s", 0, "time: unknown unit \"e\" in duration \"1e3s\""},
    {"--5s", 0, "time: invalid duration \"--5s\""},
    {"0x5s", 0, "time: unknown unit \"x\" in duration \"0x5s\""},
    {"5M", 0, "time: unknown unit \"M\" in duration \"5M\""},
    {"1.5", 0, "time: missing unit in duration \"1.5\""},
    {"..5s", 0, "time: invalid duration \"..5s\""},
    {"-.5s", -500000000, ""},
    {"00", 0, "time: missing unit in duration \"00\""},
    {"0s", 0, ""},
    {"922337203685477580800ns", 0, "time: invalid duration \"922337203685477580800ns\""},
    {"0.9223372036854775807s", 922337203, ""},
    {"1m1", 0, "time: missing unit in duration \"1m1\""},
    {"ms", 0, "time: invalid duration \"ms\""},
};

TEST(DurationTest, ReadsWhatGoReads) {
  for (const auto& row : kParsed) {
    const auto got = parse_duration(row.text);
    if (*row.error == 0) {
      ASSERT_TRUE(got) << row.text << ": " << got.error().message;
      EXPECT_EQ(got->count(), row.nanoseconds) << row.text;
    } else {
      ASSERT_FALSE(got) << row.text;
      EXPECT_EQ(got.error().message, row.error);
      EXPECT_EQ(got.error().kind, ErrorKind::user);
      EXPECT_FALSE(got.error().help.empty());
    }
  }
}

struct FormatRow {
  std::int64_t nanoseconds;
  const char* text;
};

// What Go's time.Duration prints.
const std::vector<FormatRow> kFormatted{
    {0, "0s"},
    {1, "1ns"},
    {-1, "-1ns"},
    {999, "999ns"},
    {1000, "1\xC2\xB5s"},
    {1100, "1.1\xC2\xB5s"},
    {2200000, "2.2ms"},
    {999999, "999.999\xC2\xB5s"},
    {1000000, "1ms"},
    {3300000000, "3.3s"},
    {999999999, "999.999999ms"},
    {1000000000, "1s"},
    {245001000000, "4m5.001s"},
    {300000000000, "5m0s"},
    {3600000000000, "1h0m0s"},
    {5400000000000, "1h30m0s"},
    {86400000000000, "24h0m0s"},
    {59999999999, "59.999999999s"},
    {60000000000, "1m0s"},
    {3600000000001, "1h0m0.000000001s"},
    {9223372036854775807, "2562047h47m16.854775807s"},
    {std::numeric_limits<std::int64_t>::min(), "-2562047h47m16.854775808s"},
    {-1500000, "-1.5ms"},
};

TEST(DurationTest, PrintsWhatGoPrints) {
  for (const auto& row : kFormatted) {
    EXPECT_EQ(format_duration(Duration(row.nanoseconds)), row.text);
    const auto back = parse_duration(row.text);
    ASSERT_TRUE(back) << row.text;
    EXPECT_EQ(back->count(), row.nanoseconds) << row.text;
  }
}

}  // namespace duration_test
}  // namespace flux
