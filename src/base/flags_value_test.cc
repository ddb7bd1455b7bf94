#include "base/flags_value.h"

#include <gtest/gtest.h>

#include "base/flags_number.h"
#include "base/flags_rows_test.h"

namespace flux {
namespace flags_value_test {

TEST(FlagsValueTest, ReadsValuesAsGoDoes) {
  const std::vector<FlagRow> rows{
      {{"--dur=1h15m"}, "", "dur=1h15m0s"},
      {{"--dur=5"}, "invalid argument \"5\" for \"--dur\" flag: time: missing unit in duration \"5\"", ""},
      {{"--dur=x"}, "invalid argument \"x\" for \"--dur\" flag: time: invalid duration \"x\"", ""},
      {{"--dur="}, "invalid argument \"\" for \"--dur\" flag: time: invalid duration \"\"", ""},
      {{"--dur=0"}, "", "dur=0s"},
      {{"--dur=-1.5s"}, "", "dur=-1.5s"},
      {{"--dur=5y"}, "invalid argument \"5y\" for \"--dur\" flag: time: unknown unit \"y\" in duration \"5y\"", ""},
      {{"--dur", "-1s"}, "", "dur=-1s"},
      {{"--int=0x1f"}, "", "int=31"},
      {{"--int=017"}, "", "int=15"},
      {{"--int=0o17"}, "", "int=15"},
      {{"--int=0b11"}, "", "int=3"},
      {{"--int=-0x8000000000000000"}, "", "int=-9223372036854775808"},
      {{"--int=0x8000000000000000"},
       "invalid argument \"0x8000000000000000\" for \"--int\" flag: strconv.ParseInt: parsing \"0x8000000000000000\": "
       "value out of range",
       ""},
      {{"--int=1_000"}, "", "int=1000"},
      {{"--int=1__0"},
       "invalid argument \"1__0\" for \"--int\" flag: strconv.ParseInt: parsing \"1__0\": invalid syntax",
       ""},
      {{"--int=_1"},
       "invalid argument \"_1\" for \"--int\" flag: strconv.ParseInt: parsing \"_1\": invalid syntax",
       ""},
      {{"--int=0_7"}, "", "int=7"},
      {{"--int=0x_f"}, "", "int=15"},
      {{"--int=09"},
       "invalid argument \"09\" for \"--int\" flag: strconv.ParseInt: parsing \"09\": invalid syntax",
       ""},
      {{"--int="}, "invalid argument \"\" for \"--int\" flag: strconv.ParseInt: parsing \"\": invalid syntax", ""},
      {{"--int=+5"}, "", "int=5"},
      {{"--int=- 5"},
       "invalid argument \"- 5\" for \"--int\" flag: strconv.ParseInt: parsing \"- 5\": invalid syntax",
       ""},
      {{"--int=1.5"},
       "invalid argument \"1.5\" for \"--int\" flag: strconv.ParseInt: parsing \"1.5\": invalid syntax",
       ""},
      {{"--int=0x"},
       "invalid argument \"0x\" for \"--int\" flag: strconv.ParseInt: parsing \"0x\": invalid syntax",
       ""},
      {{"--int=9223372036854775808"},
       "invalid argument \"9223372036854775808\" for \"--int\" flag: strconv.ParseInt: parsing "
       "\"9223372036854775808\": value out of range",
       ""},
      {{"--int=0X1F"}, "", "int=31"},
      {{"--int=1_"},
       "invalid argument \"1_\" for \"--int\" flag: strconv.ParseInt: parsing \"1_\": invalid syntax",
       ""},
      {{"--uint=-1"},
       "invalid argument \"-1\" for \"--uint\" flag: strconv.ParseUint: parsing \"-1\": invalid syntax",
       ""},
      {{"--uint=+1"},
       "invalid argument \"+1\" for \"--uint\" flag: strconv.ParseUint: parsing \"+1\": invalid syntax",
       ""},
      {{"--uint=18446744073709551615"}, "", "uint=18446744073709551615"},
      {{"--uint=18446744073709551616"},
       "invalid argument \"18446744073709551616\" for \"--uint\" flag: strconv.ParseUint: parsing "
       "\"18446744073709551616\": value out of range",
       ""},
      {{"--uint=0b2"},
       "invalid argument \"0b2\" for \"--uint\" flag: strconv.ParseUint: parsing \"0b2\": invalid syntax",
       ""},
      {{"--float=1e3"}, "", "float=1000"},
      {{"--float=.5"}, "", "float=0.5"},
      {{"--float=5."}, "", "float=5"},
      {{"--float=inf"}, "", "float=+Inf"},
      {{"--float=-Infinity"}, "", "float=-Inf"},
      {{"--float=nan"}, "", "float=NaN"},
      {{"--float=+nan"},
       "invalid argument \"+nan\" for \"--float\" flag: strconv.ParseFloat: parsing \"+nan\": invalid syntax",
       ""},
      {{"--float=1e400"},
       "invalid argument \"1e400\" for \"--float\" flag: strconv.ParseFloat: parsing \"1e400\": value out of range",
       ""},
      {{"--float=0x1p-2"}, "", "float=0.25"},
      {{"--float=0x1"},
       "invalid argument \"0x1\" for \"--float\" flag: strconv.ParseFloat: parsing \"0x1\": invalid syntax",
       ""},
      {{"--float=1_0"}, "", "float=10"},
      {{"--float=0x_1p0"}, "", "float=1"},
      {{"--float="},
       "invalid argument \"\" for \"--float\" flag: strconv.ParseFloat: parsing \"\": invalid syntax",
       ""},
      {{"--float=1e"},
       "invalid argument \"1e\" for \"--float\" flag: strconv.ParseFloat: parsing \"1e\": invalid syntax",
       ""},
      {{"--float=+-1"},
       "invalid argument \"+-1\" for \"--float\" flag: strconv.ParseFloat: parsing \"+-1\": invalid syntax",
       ""},
      {{"--float=."},
       "invalid argument \".\" for \"--float\" flag: strconv.ParseFloat: parsing \".\": invalid syntax",
       ""},
      {{"--float= 1"},
       "invalid argument \" 1\" for \"--float\" flag: strconv.ParseFloat: parsing \" 1\": invalid syntax",
       ""},
      {{"--float=0x.8p1"}, "", "float=1"},
      {{"--float=1e-400"}, "", "float=0"},
      {{"--float=1E2"}, "", "float=100"},
      {{"--list=a"}, "", "list=[\"a\"]"},
      {{"--list=a,b", "--list=c"}, "", "list=[\"a\" \"b\" \"c\"]"},
      {{"--list="}, "", "list=[]"},
      {{"--list=", "--list=q"}, "", "list=[\"q\"]"},
      {{"--list=a,,b"}, "", "list=[\"a\" \"\" \"b\"]"},
      {{"--list=,"}, "", "list=[\"\" \"\"]"},
      {{"--list=\"a,b\",c"}, "", "list=[\"a,b\" \"c\"]"},
      {{"--list=\"a\"\"b\""}, "", "list=[\"a\\\"b\"]"},
      {{"--list=a\"b"},
       "invalid argument \"a\\\"b\" for \"-l, --list\" flag: parse error on line 1, column 2: bare \" in "
       "non-quoted-field",
       ""},
      {{"--list=\"a"},
       "invalid argument \"\\\"a\" for \"-l, --list\" flag: parse error on line 1, column 3: extraneous or missing \" "
       "in quoted-field",
       ""},
      {{"--list=\"a\"b"},
       "invalid argument \"\\\"a\\\"b\" for \"-l, --list\" flag: parse error on line 1, column 3: extraneous or "
       "missing \" in quoted-field",
       ""},
      {{"--list= a , b "}, "", "list=[\" a \" \" b \"]"},
      {{"--list=\n"}, "invalid argument \"\\n\" for \"-l, --list\" flag: EOF", ""},
      {{"--list=a\nb"}, "", "list=[\"a\"]"},
      {{"--list=\"a\nb\""}, "", "list=[\"a\\nb\"]"},
      {{"--list=\"a\nb"},
       "invalid argument \"\\\"a\\nb\" for \"-l, --list\" flag: record on line 1; parse error on line 2, column 2: "
       "extraneous or missing \" in quoted-field",
       ""},
      {{"--list=\"a\n"},
       "invalid argument \"\\\"a\\n\" for \"-l, --list\" flag: parse error on line 1, column 4: extraneous or missing "
       "\" in quoted-field",
       ""},
      {{"--list=x,\"a\r\nb\"\r\n"}, "", "list=[\"x\" \"a\\nb\"]"},
      {{"--list=a\r"}, "", "list=[\"a\"]"},
      {{"--list=\n\nz"}, "", "list=[\"z\"]"},
      {{"--list=\n\n\"a\nb\"c"},
       "invalid argument \"\\n\\n\\\"a\\nb\\\"c\" for \"-l, --list\" flag: record on line 3; parse error on line 4, "
       "column 2: extraneous or missing \" in quoted-field",
       ""},
      {{"--list=\xC3\xBC"
        ",\""},
       "invalid argument \"\xC3\xBC"
       ",\\\"\" for \"-l, --list\" flag: parse error on line 1, column 5: extraneous or missing \" in quoted-field",
       ""},
      {{"--list=\"\""}, "", "list=[\"\"]"},
      {{"--list=a,"}, "", "list=[\"a\" \"\"]"},
      {{"--list=\"a\",\"b"},
       "invalid argument \"\\\"a\\\",\\\"b\" for \"-l, --list\" flag: parse error on line 1, column 7: extraneous or "
       "missing \" in quoted-field",
       ""},
      {{"--str=\x01"
        "\"\\\n",
        "--int=\x01"
        "\"\\\n"},
       "invalid argument \"\\x01"
       "\\\"\\\\\\n\" for \"--int\" flag: strconv.ParseInt: parsing \"\\x01"
       "\\\"\\\\\\n\": invalid syntax",
       ""},
      {{"--int=\xC3\xBC"},
       "invalid argument \"\xC3\xBC\" for \"--int\" flag: strconv.ParseInt: parsing \"\xC3\xBC\": invalid syntax",
       ""},
      {{"--int=\x7f"
        "\t"},
       "invalid argument \"\\x7f"
       "\\t\" for \"--int\" flag: strconv.ParseInt: parsing \"\\x7f"
       "\\t\": invalid syntax",
       ""},
  };
  for (const auto& row : rows) {
    const auto got = tell(row.args);
    EXPECT_EQ(got.error, row.error) << quote(row.args.front());
    EXPECT_EQ(got.told, row.told) << quote(row.args.front());
  }
}

struct Counted {
  std::vector<std::string> args;
  std::string error;
  std::int64_t count = 0;
};

TEST(FlagsValueTest, CountsBareUses) {
  const std::vector<Counted> rows{
      {{}, "", 0},
      {{"-v"}, "", 1},
      {{"-vv", "--verbose"}, "", 3},
      {{"-v=5", "-v"}, "", 6},
      {{"--verbose=0x10"}, "", 16},
      {{"-v2"}, "unknown shorthand flag: '2' in -2", 1},
      {{"-v=x"},
       "invalid argument \"x\" for \"-v, --verbose\" flag: strconv.ParseInt: parsing \"x\": invalid syntax",
       0},
  };
  for (const auto& row : rows) {
    Count verbose;
    FlagSet flags({{"verbose", &verbose, "more of it", 'v'}});
    const auto parsed = flags.parse(row.args);
    EXPECT_EQ(parsed ? "" : parsed.error().message, row.error);
    EXPECT_EQ(verbose.value, row.count) << row.error;
  }
}

struct Mapped {
  std::vector<std::string> args;
  std::string error;
  std::map<std::string, std::string> pairs;
};

TEST(FlagsValueTest, ReadsPairs) {
  const std::vector<Mapped> rows{
      {{"--labels=a=b"}, "", {{"a", "b"}}},
      {{"--labels", "a=b,c=d", "--labels=c=e"}, "", {{"a", "b"}, {"c", "e"}}},
      {{"--labels=a=b,c"}, "", {{"a", "b,c"}}},
      {{"--labels=\"a=b,c\""}, "", {{"a", "b,c"}}},
      {{"--labels=\"a=b,c\",d=e"}, "", {{"a", "b,c"}, {"d", "e"}}},
      {{"--labels=a=b=c"}, "", {{"a", "b=c"}}},
      {{"--labels=="}, "", {{"", ""}}},
      {{"--labels=a"}, "invalid argument \"a\" for \"--labels\" flag: a must be formatted as key=value", {}},
      {{"--labels="}, "invalid argument \"\" for \"--labels\" flag:  must be formatted as key=value", {}},
      {{"--labels=a=b,c=d,e"},
       "invalid argument \"a=b,c=d,e\" for \"--labels\" flag: e must be formatted as key=value",
       {}},
  };
  for (const auto& row : rows) {
    std::map<std::string, std::string> labels{{"app", "flux"}};
    FlagSet flags({{"labels", &labels, "some labels"}});
    const auto parsed = flags.parse(row.args);
    EXPECT_EQ(parsed ? "" : parsed.error().message, row.error);
    if (parsed) {
      EXPECT_EQ(labels, row.pairs) << row.args.front();
    }
  }
}

TEST(FlagsValueTest, ShowsPairsAndCountsInTheUsageText) {
  Count verbose;
  std::map<std::string, std::string> labels{{"b", "2"}, {"a", "1"}};
  EXPECT_EQ(FlagSet({{"verbose", &verbose, "more", 'v'}, {"labels", &labels, "some"}}).usage(),
            "  -v, --verbose count           more\n"
            "      --labels stringToString   some (default [a=1,b=2])\n");
}

}  // namespace flags_value_test
}  // namespace flux
