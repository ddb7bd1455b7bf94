#include "yaml/reader.h"

#include <gtest/gtest.h>

#include <array>
#include <span>

#include "yaml/encode.h"
#include "yaml/json.h"

namespace flux::yaml {
namespace reader_test {

std::string json_of(std::string_view text) {
  const auto documents = read_all(text);
  if (!documents) return documents.error().message;
  std::string out;
  for (const auto& document : *documents) {
    const auto json = to_json(document.root());
    out += (out.empty() ? "" : "\n") + (json ? *json : json.error().message);
  }
  return out;
}

struct Row {
  const char* rule;
  std::string text;
  std::string json;
};

class Reading : public testing::TestWithParam<Row> {};

TEST_P(Reading, FollowsTheRule) { EXPECT_EQ(json_of(GetParam().text), GetParam().json); }

INSTANTIATE_TEST_SUITE_P(
    Rules, Reading,
    testing::Values(
        Row{"BooleansAsValues", "a: yes\nb: Off\nc: 'no'\nd: yEs\n", R"({"a":true,"b":false,"c":"no","d":"yEs"})"},
        Row{"BooleansAsKeys", "on: 1\nn: 2\n", R"({"false":2,"true":1})"},
        Row{"Octals", "[0777, 0o17, 08]", "[511,15,8]"},
        Row{"NumbersOfOtherBases", "[0x1F, 0b11, 1_000]", "[31,3,1000]"},
        Row{"LargeIntegersExactly", "[18446744073709551615, -9223372036854775808]",
            "[18446744073709551615,-9223372036854775808]"},
        Row{"Base60AsText", "1:30", R"("1:30")"}, Row{"DatesAsText", "2001-01-01", R"("2001-01-01")"},
        Row{"FloatsAsGoPrintsThem", "[1e21, 1e20, 0.0000001, 1.10]", "[1e+21,100000000000000000000,1e-7,1.1]"},
        Row{"Nulls", "[~, null, , '']", R"(yaml: line 1: did not find expected node content)"},
        Row{"AbsentValues", "a:\nb: ~\n", R"({"a":null,"b":null})"}, Row{"Binary", "!!binary aGk=", R"("hi")"},
        Row{"StringTag", "!!str 12", R"("12")"},
        Row{"TagThatDoesNotFit", "a: 1\nb: !!int x\n", "yaml: line 2: cannot decode !!str `x` as a !!int"},
        Row{"LastOfDuplicates", "a: 1\nb: 2\na: 3\n", R"({"a":3,"b":2})"},
        Row{"LastOfKeysEqualAsText", "'1': text\n1: number\n", R"({"1":"number"})"},
        Row{"Aliases", "a: &x [1]\nb: *x\n", R"({"a":[1],"b":[1]})"},
        Row{"MergesWithLaterKeysWinning", "p: &x {a: 1, b: 1}\nq:\n  b: 2\n  <<: *x\n  a: 3\n",
            R"({"p":{"a":1,"b":1},"q":{"a":3,"b":1}})"},
        Row{"EarlierOfMergedMappingsWins", "- &a {k: 1}\n- &b {k: 2}\n- {<<: [*a, *b]}\n",
            R"([{"k":1},{"k":2},{"k":1}])"},
        Row{"QuotedMergeKeyIsText", "'<<': 1", R"({"<<":1})"},
        Row{"MergeOfAScalar", "a: 1\n<<: 2\n", "yaml: line 2: map merge requires map or sequence of maps as the value"},
        Row{"UnknownAnchor", "a: *x", "yaml: line 1: unknown anchor 'x' referenced"},
        Row{"AnchorWithinItself", "&x [*x]", "yaml: line 1: anchor 'x' value contains itself"},
        Row{"MappingAsKey", "a: 1\n{{ .Values.x }}: 2\n", "yaml: line 2: invalid map key: a mapping cannot be a key"},
        Row{"SequenceAsKey", "[a]: 2", "yaml: line 1: invalid map key: a sequence cannot be a key"},
        Row{"Version12", "%YAML 1.2\n---\na: yes\n", R"({"a":true})"},
        Row{"ByteOrderMark",
            "\xEF\xBB\xBF"
            "a: 1\n",
            R"({"a":1})"},
        Row{"WindowsLineEnds", "a: |\r\n  x\r\n  y\r\nb: 1\r\n", R"({"a":"x\ny\n","b":1})"},
        Row{"EndMarkers", "a: 1\n...\n---\nb: 2\n...\n", "{\"a\":1}\n{\"b\":2}"}, Row{"NoDocuments", "# nothing\n", ""},
        Row{"EmptyDocuments", "---\n---\n", "null\nnull"},
        Row{"InvalidUtf8", "a: 1\nb: \xFF\n", "yaml: line 2: invalid leading UTF-8 octet"},
        Row{"NotANumber", "a: 1\nb: .nan\n", "yaml: line 2: .nan cannot be written as JSON"},
        Row{"Infinity", "- -.inf\n", "yaml: line 1: -.inf cannot be written as JSON"},
        Row{"NullKey", "~: 1", "yaml: line 1: a null cannot be a key of an object"},
        Row{"BinaryThatIsNoText", "!!binary /w==", "yaml: line 1: the !!binary value is not valid UTF-8"},
        Row{"BrokenSyntax", "a: b\n c: d\n", "yaml: line 2: mapping values are not allowed in this context"}),
    [](const auto& row) { return row.param.rule; });

std::string repeated(std::string_view part, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += part;
  return out;
}

TEST(Limits, RefuseDeepNesting) {
  EXPECT_TRUE(read_all(repeated("[", 9'999) + repeated("]", 9'999)));
  const auto deep = read_all(repeated("[", 10'001) + repeated("]", 10'001));
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().message, "yaml: line 1: exceeded max depth of 10000");
}

TEST(Limits, DeepDocumentsCanBeWritten) {
  const auto documents = read_all(repeated("[", 9'999) + repeated("]", 9'999));
  ASSERT_TRUE(documents);
  EXPECT_EQ(to_json(documents->front().root())->size(), 2U * 9'999);
  EXPECT_FALSE(encode(documents->front().root()).empty());
}

TEST(Limits, RefuseAliasBombs) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const auto name = "a" + std::to_string(i);
    text += name + ": &" + name + " [" + repeated("*a" + std::to_string(i - 1) + ", ", 10) + "x]\n";
  }
  const auto documents = read_all(text);
  ASSERT_FALSE(documents);
  EXPECT_NE(documents.error().message.find("document contains excessive aliasing"), std::string::npos);
}

TEST(Limits, RefuseAliasesOfLargeText) {
  const auto text = "a: &a " + std::string(1U << 20U, 'x') + "\nb: [" + repeated("*a, ", 100) + "]\n";
  const auto documents = read_all(text);
  ASSERT_FALSE(documents);
  EXPECT_NE(documents.error().message.find("excessive aliasing"), std::string::npos);
}

TEST(Stream, GivesDocumentsBeforeTheBrokenOne) {
  Reader reader("a: 1\n---\nb: [\n");
  ASSERT_TRUE(reader.next());
  const auto broken = reader.next();
  ASSERT_FALSE(broken);
  EXPECT_EQ(reader.count(), 2);
  EXPECT_EQ(reader.next().error().message, broken.error().message);
}

TEST(Encoding, KeysRunningInACircleComeInOneOrder) {
  const auto forth = read_all("{a1b: 1, a2: 1, a12: 1}");
  const auto back = read_all("{a12: 1, a2: 1, a1b: 1}");
  ASSERT_TRUE(forth && back);
  EXPECT_EQ(encode(forth->front().root()), encode(back->front().root()));
}

TEST(Json, LeavesOutEntries) {
  const auto documents = read_all("{a: 1, b: 2, metadata: {metadata: 2}, z: {metadata: 3}}");
  ASSERT_TRUE(documents);
  constexpr std::array<std::string_view, 3> kWithout{"metadata", "b", "none"};
  const auto root = documents->front().root();
  EXPECT_EQ(to_json_without(root, kWithout).value(), R"({"a":1,"z":{"metadata":3}})");
  EXPECT_EQ(to_json_without(root, std::span(kWithout).first(1)).value(), R"({"a":1,"b":2,"z":{"metadata":3}})");
}

}  // namespace reader_test
}  // namespace flux::yaml
