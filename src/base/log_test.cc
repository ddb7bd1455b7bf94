#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <thread>

#include "base/json.h"

namespace flux {
namespace log_test {

using testing::Each;
using testing::EndsWith;
using testing::MatchesRegex;
using testing::SizeIs;
using testing::StartsWith;

class Lines : public LogSink {
 public:
  void write(std::string_view line) override { lines.emplace_back(line); }
  std::vector<std::string> lines;
};

struct ValueRow {
  const char* what;
  LogField::Value value;
  std::string logfmt;
  std::string json;
};

TEST(LogTest, WritesEachKindOfValue) {
  const std::vector<ValueRow> rows{
      {"plain", std::string("abc"), "abc", R"("abc")"},
      {"empty text", std::string(), "", R"("")"},
      {"blank", std::string("a b"), R"("a b")", R"("a b")"},
      {"equals", std::string("a=b"), R"("a=b")", R"("a=b")"},
      {"quote", std::string("a\"b"), R"("a\"b")", R"("a\"b")"},
      {"backslash alone needs no quotes", std::string("a\\b"), R"(a\b)", R"("a\\b")"},
      {"backslash in quotes", std::string("a\\ b"), R"("a\\ b")", R"("a\\ b")"},
      {"line ends and tab", std::string("a\nb\rc\td"), R"("a\nb\rc\td")", R"("a\nb\rc\td")"},
      {"control", std::string("a\x01"), R"("a\u0001")", R"("a\u0001")"},
      {"DEL needs quotes", std::string("a\x7f"), R"("a\u007f")", "\"a\x7f\""},
      {"utf-8", std::string("gr\xC3\xBC\xC3\x9F"), "gr\xC3\xBC\xC3\x9F", "\"gr\xC3\xBC\xC3\x9F\""},
      {"not utf-8", std::string("a\xFF"), "\"a\xEF\xBF\xBD\"", "\"a\xEF\xBF\xBD\""},
      {"no HTML escapes", std::string("<all>&"), "<all>&", R"("<all>&")"},
      {"nothing", nullptr, "null", "null"},
      {"the text null", std::string("null"), R"("null")", R"("null")"},
      {"true", true, "true", "true"},
      {"number", std::int64_t{-42}, "-42", "-42"},
      {"decimal", 0.25, "0.25", "0.25"},
  };
  for (const auto& row : rows) {
    LogField field("k", nullptr);
    field.value = row.value;
    EXPECT_EQ(format_logfmt({field}), "k=" + row.logfmt) << row.what;
    EXPECT_EQ(format_json({field}), "{\"k\":" + row.json + "}") << row.what;
  }
}

TEST(LogTest, TellsWhatToDoAboutAnErrorWhereThatIsKnown) {
  auto lines = std::make_shared<Lines>();
  const Log log(lines, LogFormat::logfmt);
  log({{"err", Error{ErrorKind::user, "no such branch", "Push it."}}, {"branch", "main"}});
  log({{"err", Error{ErrorKind::server, "reset", ""}}});
  ASSERT_EQ(lines->lines.size(), 2U);
  EXPECT_THAT(lines->lines[0], EndsWith(R"(err="no such branch" help="Push it." branch=main)"));
  EXPECT_THAT(lines->lines[1], EndsWith(" err=reset"));
}

TEST(LogTest, TakesTheTypesThatCodeHas) {
  const Error error{ErrorKind::server, "disk full", "make room"};
  EXPECT_EQ(format_logfmt({{"err", error}, {"n", std::size_t{7}}, {"ok", false}, {"s", std::string_view("x")}}),
            "err=\"disk full\" n=7 ok=false s=x");
}

TEST(LogTest, SortsJsonKeysAndLetsTheLastDuplicateWin) {
  EXPECT_EQ(format_json({{"b", 1}, {"a", 2}, {"b", 3}}), R"({"a":2,"b":3})");
}

TEST(LogTest, KeepsTheOrderOfLogfmtKeys) { EXPECT_EQ(format_logfmt({{"b", 1}, {"a", 2}, {"b", 3}}), "b=1 a=2 b=3"); }

TEST(LogTest, StartsEachRecordWithTimeAndCallerThenContext) {
  const auto lines = std::make_shared<Lines>();
  const auto log = Log(lines, LogFormat::logfmt).with({{"component", "sync-loop"}});
  log({{"info", "hello"}});
  ASSERT_THAT(lines->lines, SizeIs(1));
  EXPECT_THAT(lines->lines[0],
              MatchesRegex("ts=20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{0,8}[1-9])?Z "
                           "caller=log_test\\.cc:[0-9]+ component=sync-loop info=hello"));
}

TEST(LogTest, DoesNotChangeTheLogItCameFrom) {
  const auto lines = std::make_shared<Lines>();
  const Log log(lines, LogFormat::json);
  log.with({{"component", "daemon"}})({{"n", 1}});
  log({{"n", 2}});
  ASSERT_THAT(lines->lines, SizeIs(2));
  EXPECT_EQ(parse_sorted_json(lines->lines[0]).value().at("component"), "daemon");
  EXPECT_FALSE(parse_sorted_json(lines->lines[1]).value().contains("component"));
}

TEST(LogTest, WritesNothingWithoutASink) { Log{}.with({{"a", 1}})({{"b", 2}}); }

TEST(LogTest, WritesWholeLinesFromManyThreads) {
  const auto lines = std::make_shared<Lines>();
  {
    const Log log(lines, LogFormat::logfmt);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([log, t] {
        for (int i = 0; i < 100; ++i) log.with({{"thread", t}})({{"i", i}});
      });
  }
  EXPECT_THAT(lines->lines, SizeIs(400));
  EXPECT_THAT(lines->lines, Each(StartsWith("ts=")));
}

}  // namespace log_test
}  // namespace flux
