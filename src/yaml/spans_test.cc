#include <gtest/gtest.h>

#include "yaml/reader.h"

namespace flux::yaml {
namespace spans_test {

std::string written(const std::string& text, Node node) {
  return text.substr(node.span().begin, node.span().end - node.span().begin);
}

struct Row {
  const char* rule;
  std::string text;
  std::string written;  ///< the value under `k` in the first document that has one
  int line;
};

class Spans : public testing::TestWithParam<Row> {};

TEST_P(Spans, HoldTheNodeAsWritten) {
  const auto& row = GetParam();
  const auto documents = read_all(row.text);
  ASSERT_TRUE(documents) << documents.error().message;
  for (const auto& document : *documents) {
    const auto value = document.root().find("k");
    if (!value) continue;
    EXPECT_EQ(written(row.text, *value), row.written);
    EXPECT_EQ(value->line(), row.line);
    return;
  }
  FAIL() << "no k";
}

std::string name_of(const testing::TestParamInfo<Row>& row) { return row.param.rule; }

INSTANTIATE_TEST_SUITE_P(
    Scalars, Spans,
    testing::Values(Row{"Plain", "k: abc # no\n", "abc", 1}, Row{"Quoted", "k: 'a''b' \n", "'a''b'", 1},
                    Row{"PlainOnSeveralLines", "k: a\n  b\n\n# c\n", "a\n  b", 1},
                    Row{"AfterWideCharacters", "\xC3\xA9: \xE6\x97\xA5\nk: \"\xC3\xA9\"\n", "\"\xC3\xA9\"", 2},
                    Row{"AfterMark", "\xEF\xBB\xBFk: v\n", "v", 1},
                    Row{"AfterTwoMarks", "\xEF\xBB\xBF\xEF\xBB\xBFk: v\n", "v", 1},
                    Row{"AfterMarkAndWideCharacters", "\xEF\xBB\xBF# \xC3\xA9\nk: v\n", "v", 2},
                    Row{"AfterWindowsLines", "a: |\r\n  x\r\n  y\r\nb: \xC3\xA9\r\nk: v\r\n", "v", 5},
                    Row{"AfterWindowsLinesInQuotes", "a: \"x\r\n  y\"\r\nb: \xC3\xA9\r\nk: v\r\n", "v", 4},
                    Row{"WithoutAnchorAndTag", "k: &a !!str  v\n", "v", 1},
                    Row{"OtherLineEndAfterProperties", "k: &a\u2028  v\n", "v", 2},
                    Row{"MarkAfterProperties", "k: &a\n\xEF\xBB\xBF  v\n", "v", 2},
                    Row{"MarkThatIsText", "k: &a \xEF\xBB\xBFv\n", "\xEF\xBB\xBFv", 1},
                    Row{"PropertiesOnTheirOwnLine", "k: &a # x\n  v\n", "v", 2},
                    Row{"Alias", "a: &x 1\nk: *x\n", "*x", 2}, Row{"LaterDocument", "a: |\n x\n---\nk: v\n", "v", 4}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    BlockScalars, Spans,
    testing::Values(Row{"Clip", "k: |\n  a\n  b\n\n \n# c\nl: 1\n", "|\n  a\n  b\n", 1},
                    Row{"Strip", "k: |-\n  a\n\n# c\nl: 1\n", "|-\n  a", 1},
                    Row{"Keep", "k: |+\n  a\n\n \n# c\n\nl: 1\n", "|+\n  a\n\n \n", 1},
                    Row{"Folded", "k: >\n  a\n  b\n\n  c\n\n# c\nl: 1\n", ">\n  a\n  b\n\n  c\n", 1},
                    Row{"IndentedCommentIsText", "k: |\n  a\n  # b\n # c\nl: 1\n", "|\n  a\n  # b\n", 1},
                    Row{"CommentBesideTheIndicator", "k: |- # c\n  a\n\n", "|- # c\n  a", 1},
                    Row{"IndentIndicator", "k: |1-\n   a\n  b\n\nl: 1\n", "|1-\n   a\n  b", 1},
                    Row{"BlanksAreTextBeyondTheIndent", "k: |2-\n   \n     \n  \n\nl: 1\n", "|2-\n   \n     ", 1},
                    Row{"BlanksAreTextInFoldedToo", "k: >\n\n  a\n    \n  \nl: 1\n", ">\n\n  a\n    \n", 1},
                    Row{"LeadingBlankLines", "k: |\n\n \n  a\n \nl: 1\n", "|\n\n \n  a\n", 1},
                    Row{"Empty", "k: | # c\n\n\nl: 1\n", "|", 1}, Row{"EmptyStrip", "k: >-\n\nl: 1\n", ">-", 1},
                    Row{"EmptyKeep", "k: |+\nl: 1\n", "|+", 1},
                    Row{"KeepOfNothingButBlankLines", "k: |+ # c\n\n \n# d\nl: 1\n", "|+ # c\n\n \n", 1},
                    Row{"AtTheEndWithoutLineBreak", "k: |\n  a", "|\n  a", 1},
                    Row{"BlanksAtTheEndWithoutLineBreak", "k: |\n  a\n ", "|\n  a\n", 1},
                    Row{"EmptyAtTheEnd", "k: |", "|", 1},
                    Row{"WindowsLines", "k: |\r\n  a\r\n\r\n# c\r\nl: 1\r\n", "|\r\n  a\r\n", 1},
                    Row{"WindowsLinesStripped", "k: >-\r\n  a\r\n  \r\n\r\nl: 1\r\n", ">-\r\n  a", 1},
                    Row{"WindowsLinesKept", "k: |+\r\n  a\r\n\r\n# c\r\n", "|+\r\n  a\r\n\r\n", 1},
                    Row{"OtherLineEnds", "k: |\u0085  a\u2028  b\r \u2029l: 1\r", "|\u0085  a\u2028  b\r", 1},
                    Row{"WideCharacters", "a: \u00E9\nk: |\n  \u00E9\n\n  \u65E5 \n\n# \u00E9\nl: 1\n",
                        "|\n  \u00E9\n\n  \u65E5 \n", 2},
                    Row{"AfterMark",
                        "\xEF\xBB\xBF# \u00E9\n"
                        "k: |-\n a\n\nl: 1\n",
                        "|-\n a", 2},
                    Row{"AfterProperties", "k: &x !!str |\n  a\n\nl: *x\n", "|\n  a\n", 1},
                    Row{"Binary", "k: !!binary |\n  aGk=\n\nl: 1\n", "|\n  aGk=\n", 1},
                    Row{"BeforeTheNextDocument", "k: |\n  a\n\n---\nl: 1\n", "|\n  a\n", 1},
                    Row{"BeforeTheEndMarker", "k: |+\n  a\n\n... # c\n", "|+\n  a\n\n", 1}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Collections, Spans,
    testing::Values(Row{"Block", "k:\n  - a\n  - b\n\n# c\nl: 1\n", "- a\n  - b", 2},
                    Row{"Flow", "k: [a, b]\nl: 1\n", "[a, b]", 1}, Row{"EmptyFlow", "k: { } # c\n", "{ }", 1},
                    Row{"EndingInBlockScalar", "k:\n- a: |\n    x\n\n  # c\n- |-\n  y\n\nl: 1\n",
                        "- a: |\n    x\n\n  # c\n- |-\n  y", 2},
                    Row{"NestedEndingInBlockScalar", "k:\n  a:\n  - b: |\n      x\n\n    # c\n\nl: 1\n",
                        "a:\n  - b: |\n      x\n", 2},
                    Row{"EndingInKeptBlankLines", "k:\n- >+\n x\n\n# c\nl: 1\n", "- >+\n x\n\n", 2},
                    Row{"EndingInEmptyBlockScalar", "k:\n- |\n\n- | # c\n\nl: 1\n", "- |\n\n- |", 2},
                    Row{"EndingInFlow", "k:\n  a: [b\n  ]\n# c\nl: 1\n", "a: [b\n  ]", 2},
                    Row{"EndingInAbsentNull", "k:\n  a: # c\n\n# c\nl: 1\n", "a:", 2},
                    Row{"EndingInAbsentValueOfAKey", "k: !!set\n  ? a # c\n\nl: 1\n", "? a", 2}),
    name_of);

INSTANTIATE_TEST_SUITE_P(AbsentNulls, Spans,
                         testing::Values(Row{"Value", "k:\n", "", 1}, Row{"ValueAtTheEnd", "a: 1\nk:", "", 2},
                                         Row{"ValueBeforeComments", "k: # c\n\n# c\nl: 1\n", "", 1},
                                         Row{"OfAKeyAlone", "? k\n\n# c\n? l\n", "", 1},
                                         Row{"OfAKeyAloneAtTheEnd", "a: 1\n? k", "", 2},
                                         Row{"InFlow", "{a, k , b}", "", 1}),
                         name_of);

TEST(Spans, OfAnAbsentNullFollowWhatIsBeforeIt) {
  const struct {
    const char* name;
    std::string text;
    std::size_t begin;
  } rows[] = {
      {"value", "k: # c\n\nl: 1\n", 2},
      {"of a key alone", "? k # c\n\n? l\n", 3},
      {"in flow", "{a, k , b}", 5},
      {"after properties", "k: &x !!null # c\n\nl: *x\n", 12},
  };
  for (const auto& row : rows)
    EXPECT_EQ(read_all(row.text)->front().root().find("k")->span().begin, row.begin) << row.name;
  EXPECT_EQ(read_all("--- # c\n\n---\na: 1\n")->front().root().span(), (Span{3, 3}));
}

TEST(Spans, OfAPairInAFlowSequenceEndWithItsValue) {
  const std::string text = "[a: b , c:  , d]";
  const auto documents = read_all(text);
  ASSERT_TRUE(documents);
  EXPECT_EQ(written(text, documents->front().root().item(0)), "a: b");
  EXPECT_EQ(written(text, documents->front().root().item(1)), "c:");
}

/// What is cut off after a block scalar is not missed.
TEST(Spans, OfABlockScalarHoldAllOfItsValue) {
  for (const std::string indicator : {"|", "|-", "|+", ">", ">-", ">+", "|2", ">2-"})
    for (const std::string body : {"", "  a\n", "  a\n\n", "\n  a\n   \n", "  a\n   b\n\n  c\n \n\n"})
      for (const std::string after : {"", "# c\n", "l: 1\n", "...\n"}) {
        const auto text = "k: " + indicator + "\n" + body + after;
        const auto whole = read_all(text);
        ASSERT_TRUE(whole) << text;
        const auto value = *whole->front().root().find("k");
        const auto cut = read_all(text.substr(0, value.span().end));
        ASSERT_TRUE(cut) << text;
        EXPECT_EQ(cut->front().root().find("k")->text(), value.text()) << text;
      }
}

}  // namespace spans_test
}  // namespace flux::yaml
