#include "base/flags.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "base/flags_number.h"
#include "base/flags_rows_test.h"

namespace flux {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct Fields {
  bool boolean = false;
  bool verbose = false;
  bool old = false;
  std::string text = "dflt";
  Duration duration = std::chrono::minutes(1);
  std::int64_t integer = 7;
  std::uint64_t natural = 0;
  double real = 0.5;
  std::vector<std::string> list{"x", "y"};
  Secret secret;
  std::optional<std::uint64_t> maybe_natural;
  std::optional<std::vector<std::string>> maybe_list;

  std::vector<Flag> table() {
    return {{"bool", &boolean, "a boolean"},
            {"verbose", &verbose, "more of it", 'v'},
            {"str", &text, "a text", 's'},
            {"dur", &duration, "a duration"},
            {"int", &integer, "an integer"},
            {"uint", &natural, "a natural number"},
            {"float", &real, "a number"},
            {"list", &list, "several texts", 'l'},
            {"secret", &secret, "nobody's business"},
            {"maybe-uint", &maybe_natural, "perhaps a number"},
            {"maybe-list", &maybe_list, "perhaps some texts"},
            {"old", &old, "gone", '\0', "use --bool"}};
  }
};

std::string quoted_list(const std::vector<std::string>& list) {
  std::string text;
  for (const auto& item : list) text += (text.empty() ? "" : " ") + quote(item);
  return "[" + text + "]";
}

std::string go_float(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", number);
}

}  // namespace

Told tell(const std::vector<std::string>& args) {
  Fields fields;
  FlagSet flags(fields.table());
  const auto parsed = flags.parse(args);
  if (!parsed) return {parsed.error().message, ""};
  if (flags.help_asked()) return {"pflag: help requested", ""};
  const std::map<std::string, std::string, std::less<>> values{
      {"bool", fmt::format("{}", fields.boolean)}, {"verbose", fmt::format("{}", fields.verbose)},
      {"old", fmt::format("{}", fields.old)},      {"str", quote(fields.text)},
      {"dur", format_duration(fields.duration)},   {"int", std::to_string(fields.integer)},
      {"uint", std::to_string(fields.natural)},    {"float", go_float(fields.real)},
      {"list", quoted_list(fields.list)}};
  std::vector<std::string> told;
  for (const auto& name : flags.all_changed()) told.push_back(name + "=" + values.at(name));
  if (!flags.positionals().empty()) told.push_back("args=" + quoted_list(flags.positionals()));
  if (!flags.notices().empty()) told.push_back(fmt::format("notices={}", flags.notices().size()));
  return {"", fmt::format("{}", fmt::join(told, " "))};
}

namespace flags_test {

TEST(FlagsTest, FollowsTheGrammarOfPflag) {
  const std::vector<FlagRow> rows{
      {{}, "", ""},
      {{"--bool", "false", "x"}, "", "bool=true args=[\"false\" \"x\"]"},
      {{"--bool=false"}, "", "bool=false"},
      {{"--bool=T"}, "", "bool=true"},
      {{"--bool=yes"},
       "invalid argument \"yes\" for \"--bool\" flag: strconv.ParseBool: parsing \"yes\": invalid syntax",
       ""},
      {{"--bool="}, "invalid argument \"\" for \"--bool\" flag: strconv.ParseBool: parsing \"\": invalid syntax", ""},
      {{"--str"}, "flag needs an argument: --str", ""},
      {{"--str", "--bool"}, "", "str=\"--bool\""},
      {{"--str=--bool"}, "", "str=\"--bool\""},
      {{"--str="}, "", "str=\"\""},
      {{"--str=a=b"}, "", "str=\"a=b\""},
      {{"-s"}, "flag needs an argument: 's' in -s", ""},
      {{"-sabc"}, "", "str=\"abc\""},
      {{"-s=abc"}, "", "str=\"abc\""},
      {{"-s", "abc"}, "", "str=\"abc\""},
      {{"-s="}, "", "str=\"=\""},
      {{"-s=="}, "", "str=\"=\""},
      {{"-vsabc"}, "", "str=\"abc\" verbose=true"},
      {{"-vs", "abc"}, "", "str=\"abc\" verbose=true"},
      {{"-v=false"}, "", "verbose=false"},
      {{"-v=x"},
       "invalid argument \"x\" for \"-v, --verbose\" flag: strconv.ParseBool: parsing \"x\": invalid syntax",
       ""},
      {{"-vz"}, "unknown shorthand flag: 'z' in -z", ""},
      {{"-z"}, "unknown shorthand flag: 'z' in -z", ""},
      {{"-vv"}, "", "verbose=true"},
      {{"-dur", "5m"}, "unknown shorthand flag: 'd' in -dur", ""},
      {{"--"}, "", ""},
      {{"a", "--bool", "b", "--", "--str", "-z"}, "", "bool=true args=[\"a\" \"b\" \"--str\" \"-z\"]"},
      {{"-"}, "", "args=[\"-\"]"},
      {{"", "--bool"}, "", "bool=true args=[\"\"]"},
      {{"---x"}, "bad flag syntax: ---x", ""},
      {{"--nope"}, "unknown flag: --nope", ""},
      {{"--nope=v"}, "unknown flag: --nope", ""},
      {{"--help"}, "pflag: help requested", ""},
      {{"--help=1"}, "pflag: help requested", ""},
      {{"-h"}, "pflag: help requested", ""},
      {{"-vh"}, "pflag: help requested", ""},
      {{"-sh"}, "", "str=\"h\""},
      {{"-la,b"}, "", "list=[\"a\" \"b\"]"},
      {{"-l", "a"}, "", "list=[\"a\"]"},
      {{"--old"}, "", "old=true notices=1"},
      {{"--old", "--old=false"}, "", "old=false notices=2"},
  };
  for (const auto& row : rows) {
    const auto got = tell(row.args);
    EXPECT_EQ(got.error, row.error) << quoted_list(row.args);
    EXPECT_EQ(got.told, row.told) << quoted_list(row.args);
  }
}

TEST(FlagsTest, SaysWhatToUseInPlaceOfADeprecatedFlag) {
  Fields fields;
  FlagSet flags(fields.table());
  ASSERT_TRUE(flags.parse({"--old"}));
  EXPECT_TRUE(fields.old);
  EXPECT_THAT(flags.notices(), ElementsAre("Flag --old has been deprecated, use --bool"));
}

TEST(FlagsTest, TellsGivenFromDefault) {
  Fields fields;
  FlagSet flags(fields.table());
  ASSERT_TRUE(flags.parse({"--str=dflt", "--maybe-list="}));
  EXPECT_TRUE(flags.changed("str"));
  EXPECT_FALSE(flags.changed("list"));
  EXPECT_EQ(fields.maybe_list, std::vector<std::string>{});
  EXPECT_FALSE(fields.maybe_natural);
}

TEST(FlagsTest, AppendsToAnOptionalList) {
  Fields fields;
  FlagSet flags(fields.table());
  ASSERT_TRUE(flags.parse({"--maybe-list=a,b", "--maybe-list=c", "--maybe-uint=0x10"}));
  EXPECT_THAT(*fields.maybe_list, ElementsAre("a", "b", "c"));
  EXPECT_EQ(fields.maybe_natural, 16U);
}

TEST(FlagsTest, KeepsWhatWasReadBeforeAnError) {
  Fields fields;
  FlagSet flags(fields.table());
  ASSERT_FALSE(flags.parse({"--old", "--int=3", "--list=\"", "--int=4"}));
  EXPECT_EQ(fields.integer, 3);
  EXPECT_THAT(fields.list, ElementsAre("x", "y"));
  EXPECT_THAT(flags.notices(), ElementsAre("Flag --old has been deprecated, use --bool"));
}

TEST(FlagsTest, NeverQuotesASecret) {
  const std::vector<std::vector<std::string>> mistakes{{"-token=hunter2"},
                                                       {"--=hunter2"},
                                                       {"---secret=hunter2"},
                                                       {"--int", "--secret=hunter2"},
                                                       {"--sekret=hunter2"},
                                                       {"--dur", "https://me:hunter2@host/repo.git"},
                                                       {"--dur=https://hunter2@host"},
                                                       {"--dur=https://me:/hunter2@host"}};
  for (const auto& args : mistakes) {
    Fields fields;
    FlagSet flags(fields.table());
    const auto parsed = flags.parse(args);
    ASSERT_FALSE(parsed) << args.front();
    EXPECT_THAT(parsed.error().message, Not(HasSubstr("hunter2")));
    EXPECT_THAT(parsed.error().help, Not(HasSubstr("hunter2")));
  }
}

TEST(FlagsTest, MakesTheUsageTextFromTheTable) {
  Fields fields;
  fields.secret = Secret("hunter2");
  fields.boolean = true;
  EXPECT_EQ(FlagSet(fields.table()).usage(),
            "      --bool                 a boolean (default true)\n"
            "  -v, --verbose              more of it\n"
            "  -s, --str string           a text (default \"dflt\")\n"
            "      --dur duration         a duration (default 1m0s)\n"
            "      --int int              an integer (default 7)\n"
            "      --uint uint            a natural number\n"
            "      --float float          a number (default 0.5)\n"
            "  -l, --list strings         several texts (default [x,y])\n"
            "      --secret string        nobody's business\n"
            "      --maybe-uint uint      perhaps a number\n"
            "      --maybe-list strings   perhaps some texts\n");
}

}  // namespace flags_test
}  // namespace flux
