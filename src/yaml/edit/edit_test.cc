#include "yaml/edit/edit.h"

#include <gtest/gtest.h>

namespace flux::yaml {
namespace edit_test {

/// `a.b[0].c`
Path path_of(std::string_view dotted) {
  Path path;
  while (!dotted.empty()) {
    if (dotted.front() == '[') {
      path.emplace_back(static_cast<std::size_t>(dotted[1] - '0'));
      dotted.remove_prefix(3);
    } else {
      const auto end = std::min(dotted.find_first_of(".["), dotted.size());
      path.emplace_back(std::string(dotted.substr(0, end)));
      dotted.remove_prefix(end);
    }
    if (dotted.starts_with('.')) dotted.remove_prefix(1);
  }
  return path;
}

std::string edited(std::string_view text, const char* path, std::optional<std::string> value) {
  const Change change{path_of(path), std::move(value)};
  const auto result = edit(text, std::span(&change, 1));
  return result ? *result : "! " + result.error().message;
}

struct Row {
  const char* name;
  const char* before;
  const char* path;
  const char* value;  ///< null: remove
  const char* after;
};

void expect_all(std::span<const Row> rows) {
  for (const auto& row : rows) {
    const auto value = row.value ? std::optional<std::string>(row.value) : std::nullopt;
    EXPECT_EQ(edited(row.before, row.path, value), row.after) << row.name;
  }
}

TEST(YamlEdit, ReplacesTheBytesOfAValue) {
  const Row rows[] = {
      {"plain", "a: b # c\n", "a", "d", "a: d # c\n"},
      {"nothing to do", "a: \"b\"\n", "a", "b", "a: \"b\"\n"},
      {"single quotes", "a: 'b'\n", "a", "it's", "a: 'it''s'\n"},
      {"double quotes", "a: \"b\"\n", "a", "say \"hi\"\\", "a: \"say \\\"hi\\\"\\\\\"\n"},
      {"single quotes that cannot hold it", "a: 'b'\n", "a", "c\nd", "a: \"c\\nd\"\n"},
      {"plain that would be another type", "a: b\n", "a", "yes", "a: 'yes'\n"},
      {"number to text", "a: 1.20\n", "a", "1.21", "a: '1.21'\n"},
      {"number of that text", "a: 1.1\n", "a", "1.1", "a: '1.1'\n"},
      {"null", "a: ~ # c\n", "a", "b", "a: b # c\n"},
      {"absent null", "a: # c\nb: 1\n", "a", "d", "a: d # c\nb: 1\n"},
      {"absent null at the end", "b: 1\na:", "a", "d", "b: 1\na: d"},
      {"absent null of a key alone", "? a\nb: 1\n", "a", "d", "? a\n: d\nb: 1\n"},
      {"absent null of a key alone in flow", "{a, b: c}\n", "a", "d", "{a: d, b: c}\n"},
      {"explicit key", "? a\n: b\nc: d\n", "a", "x", "? a\n: x\nc: d\n"},
      {"quoted key", "'a': b\n", "a", "x", "'a': x\n"},
      {"key that is another type", "true: b\n", "true", "x", "true: x\n"},
      {"several lines", "a: b\n  c\n  d\ne: f\n", "a", "x", "a: x\ne: f\n"},
      {"several lines in quotes", "a: \"b\n  c\" # d\ne: f\n", "a", "x", "a: \"x\" # d\ne: f\n"},
      {"flow", "a: { b : [ {c: d} ] , e: f}\n", "a.b[0].c", "x", "a: { b : [ {c: x} ] , e: f}\n"},
      {"flow, comma in the value", "{a: b}\n", "a", "x,w", "{a: 'x,w'}\n"},
      {"comma elsewhere", "a: b\n", "a", "x,w=z", "a: x,w=z\n"},
      {"colon and hash", "a: b\n", "a", "x: w #z", "a: 'x: w #z'\n"},
      {"JSON", R"({"a":1,"b":2})", "a", "x", R"({"a":"x","b":2})"},
      {"JSON, tab and quotes", "{\"a\": \"b\"}", "a", "\t\"", R"({"a": "\t\""})"},
      {"quotes that are not JSON", "{\"a\": 'b'}\n", "a", "x", "{\"a\": 'x'}\n"},
      {"CRLF", "a: b\r\nc: d\r\n", "a", "x", "a: x\r\nc: d\r\n"},
      {"mark and wide characters", "\xEF\xBB\xBF# \xC3\xA9\na: b # \xE6\x97\xA5\n", "a", "\xC3\xBC",
       "\xEF\xBB\xBF# \xC3\xA9\na: \xC3\xBC # \xE6\x97\xA5\n"},
      {"no final line break", "a: b", "a", "x", "a: x"},
      {"markers", "%YAML 1.1\n--- # c\na: b\n... # d\n", "a", "x", "%YAML 1.1\n--- # c\na: x\n... # d\n"},
      {"last of duplicates", "a: b\na: c\n", "a", "x", "a: b\na: x\n"},
      {"tag of a string", "a: !!str 1\n", "a", "2", "a: !!str '2'\n"},
      {"tag of something else", "a: !!float 1\n", "a", "x", "a: x\n"},
      {"binary", "a: !!binary aGk=\n", "a", "x", "a: x\n"},
      {"merge key that is none", "a: b\nc: <<\n", "c", "=", "a: b\nc: '='\n"},
      {"in a list of lists", "- - a: b\n    c: d\n- x\n", "[0][0].a", "e", "- - a: e\n    c: d\n- x\n"},
  };
  expect_all(rows);
}

TEST(YamlEdit, ReplacesBlockScalars) {
  const Row rows[] = {
      {"strip keeps its form", "a: >- # c\n    b\n    c\n\n# d\ne: f\n", "a", "x", "a: >- # c\n    x\n\n# d\ne: f\n"},
      {"literal strip", "a: |-\n  b\ne: f\n", "a", "yes: #", "a: |-\n  yes: #\ne: f\n"},
      {"strip after blank lines", "a: |-\n\n \n  b\n", "a", "x", "a: |-\n  x\n"},
      {"strip, a value of two lines", "a: |-\n  b\ne: f\n", "a", "x\ny", "a: \"x\\ny\"\ne: f\n"},
      {"strip, a value that needs escapes", "a: |-\n  b\ne: f\n", "a", "\a", "a: \"\\u0007\"\ne: f\n"},
      {"clip", "a: | # c\n  b\n\n# d\ne: f\n", "a", "x", "a: x # c\n\n# d\ne: f\n"},
      {"keep", "a: |+\n  b\n\n\ne: f\n", "a", "x", "a: x\n\n\ne: f\n"},
      {"indicator of indentation", "a: |2-\n   b\n  c\ne: f\n", "a", "x", "a: x\ne: f\n"},
      {"empty", "a: |- # c\ne: f\n", "a", "x", "a: x # c\ne: f\n"},
      {"blank lines only", "a: |+\n\n\ne: f\n", "a", "x", "a: x\n\n\ne: f\n"},
      {"CRLF", "a: >-\r\n  b\r\n  c\r\n\r\ne: f\r\n", "a", "x", "a: >-\r\n  x\r\n\r\ne: f\r\n"},
      {"end of text", "a: |-\n  b", "a", "x", "a: |-\n  x"},
      {"clip at the end of text", "a: |\n  b", "a", "x", "a: x"},
      {"what follows is not part of it", "a: |-\n  b\n # c\ne: f\n", "a", "x", "a: |-\n  x\n # c\ne: f\n"},
  };
  expect_all(rows);
}

TEST(YamlEdit, TakesCareOfAnchors) {
  const Row rows[] = {
      {"an alias at its own place", "a: &x 1\nb: *x\n", "b", "w", "a: &x 1\nb: w\n"},
      {"an alias in flow", "{a: &x q, b: *x , c: *x}\n", "b", "w", "{a: &x q, b: w , c: *x}\n"},
      {"an anchor that nobody uses", "a: &x b\n", "a", "w", "a: &x w\n"},
      {"an anchor that somebody uses", "a: &x b\nc: *x\n", "a", "w",
       "! line 1: a is shared through the anchor &x, which line 2 uses: a change would be one there, too"},
      {"a part of what is shared", "a: &x\n  b: c\nd: *x\n", "a.b", "w",
       "! line 2: a.b is shared through the anchor &x, which line 3 uses: a change would be one there, too"},
      {"a part of an alias", "a: &x\n  b: c\nd: *x\n", "d.b", "w",
       "! line 2: d is shared through the anchor &x, which line 3 uses: a change would be one there, too"},
      {"a new member of an alias", "a: &x\n  b: c\nd: *x\n", "d.e", "w",
       "! line 2: d is shared through the anchor &x, which line 3 uses: a change would be one there, too"},
      {"an anchor used again", "a: &x b\nc: *x\nd: &x e\n", "d", "w", "a: &x b\nc: *x\nd: &x w\n"},
      {"a merge is overridden", "a: &x {b: c}\nd:\n  <<: *x\n  e: f\n", "d.b", "w",
       "a: &x {b: c}\nd:\n  <<: *x\n  e: f\n  b: w\n"},
      {"a merge alone", "a: &x {b: c}\nd:\n  <<: *x # m\ne: f\n", "d.b", "w",
       "a: &x {b: c}\nd:\n  <<: *x # m\n  b: w\ne: f\n"},
      {"what overrides a merge", "a: &x {b: c}\nd:\n  <<: *x\n  b: f\n", "d.b", "w",
       "a: &x {b: c}\nd:\n  <<: *x\n  b: w\n"},
      {"what is merged and overridden elsewhere", "a: &x {b: c}\nd:\n  <<: *x\n  b: f\n", "a.b", "w",
       "a: &x {b: w}\nd:\n  <<: *x\n  b: f\n"},
      {"what is merged", "a: &x {b: c}\nd:\n  <<: *x\n", "a.b", "w",
       "! line 1: a.b is shared through the anchor &x, which line 3 uses: a change would be one there, too"},
      {"removal of what is merged", "a: &x {b: c}\nd:\n  <<: *x\n  e: f\n", "d.b", nullptr,
       "! line 1: d.b is shared through the anchor &x, which line 3 uses: a change would be one there, too"},
      {"removal of what overrides", "a: &x {b: c}\nd:\n  <<: *x\n  b: f\n", "d.b", nullptr,
       "! d.b cannot be changed: it is written more than once, or a merge key brings it"},
  };
  expect_all(rows);
}

TEST(YamlEdit, InsertsIntoBlocks) {
  const Row rows[] = {
      {"after the last one", "m:\n  a: b # c\n\n# d\ne: f\n", "m.x", "w", "m:\n  a: b # c\n  x: w\n\n# d\ne: f\n"},
      {"indentation of four", "m:\n    a: b\n", "m.x", "w", "m:\n    a: b\n    x: w\n"},
      {"CRLF", "m:\r\n  a: b\r\ne: f\n", "m.x", "w", "m:\r\n  a: b\r\n  x: w\r\ne: f\n"},
      {"no final line break", "m:\n  a: b", "m.x", "w", "m:\n  a: b\n  x: w"},
      {"no final line break, CRLF", "m:\r\n  a: b", "m.x", "w", "m:\r\n  a: b\r\n  x: w"},
      {"before the end mark", "m:\n  a: b\n...\n", "m.x", "w", "m:\n  a: b\n  x: w\n...\n"},
      {"needs quotes", "m:\n  a: b\n", "m.x", "true", "m:\n  a: b\n  x: 'true'\n"},
      {"quotes of a neighbour that needs them", "m:\n  a: \"1\"\n  c: d\n", "m.x", "true",
       "m:\n  a: \"1\"\n  c: d\n  x: \"true\"\n"},
      {"quotes of a neighbour that does not", "m:\n  a: \"b\"\n", "m.x", "w", "m:\n  a: \"b\"\n  x: \"w\"\n"},
      {"quotes of keys", "\"m\":\n  \"a\": 'b'\n", "m.x", "w", "\"m\":\n  \"a\": 'b'\n  \"x\": 'w'\n"},
      {"after a block scalar", "m:\n  a: |\n    b\n\n# c\n", "m.x", "w", "m:\n  a: |\n    b\n  x: w\n\n# c\n"},
      {"after a block scalar, CRLF", "m:\r\n  a: |\r\n    b\r\nn: o\r\n", "m.x", "w",
       "m:\r\n  a: |\r\n    b\r\n  x: w\r\nn: o\r\n"},
      {"after kept blank lines", "m:\n  a: |+\n    b\n\n# c\n", "m.x", "w", "m:\n  a: |+\n    b\n\n  x: w\n# c\n"},
      {"before a block scalar at the end", "m:\n  a: |\n    b", "m.x", "w", "m:\n  x: w\n  a: |\n    b"},
      {"after a list", "m:\n  a:\n  - b\n  - c: d\nn: 1\n", "m.x", "w", "m:\n  a:\n  - b\n  - c: d\n  x: w\nn: 1\n"},
      {"after an absent null", "m:\n  a: # c\nn: 1\n", "m.x", "w", "m:\n  a: # c\n  x: w\nn: 1\n"},
      {"in a list", "- a: b\n  c: d\n- e\n", "[0].x", "w", "- a: b\n  c: d\n  x: w\n- e\n"},
      {"in a list of lists", "-   - a: b\n", "[0][0].x", "w", "-   - a: b\n      x: w\n"},
      {"after explicit keys", "m:\n  ? a\n  : b\n", "m.x", "w", "m:\n  ? a\n  : b\n  x: w\n"},
      {"below an anchor", "m: &m\n  &k a: b\n", "m.x", "w", "m: &m\n  &k a: b\n  x: w\n"},
      {"at the top, after a mark",
       "\xEF\xBB\xBF"
       "a: b\n",
       "x", "w",
       "\xEF\xBB\xBF"
       "a: b\nx: w\n"},
      {"a key that needs quotes", "m:\n  a: b\n", "m.yes", "w", "m:\n  a: b\n  'yes': w\n"},
      {"a mapping, too", "m:\n  a: b\n", "m.x.w", "z", "m:\n  a: b\n  x:\n    w: z\n"},
      {"a mapping as wide as its neighbour", "m:\n  a:\n     b: c\n", "m.x.w", "z",
       "m:\n  a:\n     b: c\n  x:\n     w: z\n"},
      {"a mapping as wide as around it", "m:\n    a: b\n", "m.x.w", "z", "m:\n    a: b\n    x:\n        w: z\n"},
      {"a mapping, CRLF", "m:\r\n  a: b\r\n", "m.x.w", "z", "m:\r\n  a: b\r\n  x:\r\n    w: z\r\n"},
      {"below an absent null", "m:\n  x: # c\n  a: b\n", "m.x.w", "z", "m:\n  x: # c\n    w: z\n  a: b\n"},
      {"below a null", "m:\n  x: ~ # c\n  a: b\n", "m.x.w", "z", "m:\n  x: # c\n    w: z\n  a: b\n"},
      {"below an absent null at the end", "m:\n  x:", "m.x.w", "z", "m:\n  x:\n    w: z"},
      {"into empty brackets", "m:\n  x: {}\n", "m.x.w", "true", "m:\n  x: {w: 'true'}\n"},
      {"into empty brackets with a space", "m:\n  x: { }\n", "m.x.w", "z", "m:\n  x: { w: z }\n"},
  };
  expect_all(rows);
}

TEST(YamlEdit, InsertsIntoBrackets) {
  const Row rows[] = {
      {"one line", "m: {a: b}\n", "m.x", "w", "m: {a: b, x: w}\n"},
      {"spaces inside", "m: { a: b , c: d }\n", "m.x", "w", "m: { a: b , c: d , x: w }\n"},
      {"trailing comma", "m: {a: b,}\n", "m.x", "w", "m: {a: b, x: w}\n"},
      {"compact JSON", R"({"m":{"a":"b"},"n":1})", "m.x", "true", R"({"m":{"a":"b","x":"true"},"n":1})"},
      {"spaced JSON", R"({"m": {"a": "b", "c": 1}})", "m.x", "w", R"({"m": {"a": "b", "c": 1, "x": "w"}})"},
      {"JSON in lines", "{\n  \"m\": {\n    \"a\": \"b\"\n  }\n}\n", "m.x", "w",
       "{\n  \"m\": {\n    \"a\": \"b\",\n    \"x\": \"w\"\n  }\n}\n"},
      {"JSON in lines, a mapping, too", "{\n\t\"m\": {\n\t\t\"a\": 1\n\t}\n}\n", "m.x.w", "z",
       "{\n\t\"m\": {\n\t\t\"a\": 1,\n\t\t\"x\": {\n\t\t\t\"w\": \"z\"\n\t\t}\n\t}\n}\n"},
      {"compact JSON, a mapping, too", R"({"m":{"a":1}})", "m.x.w", "z", R"({"m":{"a":1,"x":{"w":"z"}}})"},
      {"empty in JSON", R"({"m":{"x":{}}})", "m.x.w", "z", R"({"m":{"x":{"w":"z"}}})"},
      {"empty in a list", "[{}]\n", "[0].x", "true", "[{x: 'true'}]\n"},
      {"empty, a mapping, too", "m: {}\n", "m.x.w", "1", "m: {x: {w: '1'}}\n"},
      {"null in JSON", R"({"m":{"x":null}})", "m.x.w", "z", R"({"m":{"x":{"w":"z"}}})"},
      {"null", "m: {x: ~, a: b}\n", "m.x.w", "z", "m: {x: {w: z}, a: b}\n"},
      {"absent null", "m: {x: , a: b}\n", "m.x.w", "z", "m: {x: {w: z} , a: b}\n"},
      {"lines with comments", "m: {\n  a: b, # c\n  d: e # f\n}\n", "m.x", "w",
       "m: {\n  a: b, # c\n  d: e, # f\n  x: w\n}\n"},
      {"lines with a trailing comma", "m: {\n  a: b, # c\n}\n", "m.x", "w", "m: {\n  a: b, # c\n  x: w,\n}\n"},
      {"a mapping, too", "m: {a: b}\n", "m.x.w", "1", "m: {a: b, x: {w: '1'}}\n"},
      {"the closing bracket beside the last", "m: {a: b,\n    c: d}\n", "m.x", "w",
       "m: {a: b,\n    c: d,\n    x: w}\n"},
  };
  expect_all(rows);
}

TEST(YamlEdit, Removes) {
  const Row rows[] = {
      {"a line", "a: b\nc: d # e\n# f\ng: h\n", "c", nullptr, "a: b\n# f\ng: h\n"},
      {"nothing there", "a: b\n", "c", nullptr, "a: b\n"},
      {"nothing around", "a: b\n", "c.d", nullptr, "a: b\n"},
      {"what has lines", "a:\n  b:\n  - c\n  # d\n  - e\nf: g\n", "a", nullptr, "f: g\n"},
      {"a block scalar", "a: |\n  b\n\nc: d\n", "a", nullptr, "\nc: d\n"},
      {"the last line without a break", "a: b\nc: d", "c", nullptr, "a: b"},
      {"the last line without a break, after a block scalar", "a: |\n  b\nc: d", "c", nullptr, "a: |\n  b\n"},
      {"the last line without a break, after one that says -", "a: |-\n  b\nc: d", "c", nullptr, "a: |-\n  b"},
      {"the last line, CRLF", "a: b\r\nc: d\r\n", "c", nullptr, "a: b\r\n"},
      {"an explicit key", "? a\n: b\nc: d\n", "a", nullptr, "c: d\n"},
      {"each of duplicates", "a: b\nc: d\na: e\n", "a", nullptr, "c: d\n"},
      {"the first in a list", "- a: b\n  c: d\n", "[0].a", nullptr, "- c: d\n"},
      {"after a mark",
       "\xEF\xBB\xBF"
       "a: b\nc: d\n",
       "a", nullptr,
       "\xEF\xBB\xBF"
       "c: d\n"},
      {"the first in brackets", "{a: b, c: d}\n", "a", nullptr, "{c: d}\n"},
      {"the last in brackets", "{a: b , c: d }\n", "c", nullptr, "{a: b }\n"},
      {"the only one in brackets", "m: {a: b}\n", "m.a", nullptr, "m: {}\n"},
      {"the only one of a block", "m:\n  a: b # c\nd: e\n", "m.a", nullptr, "m:\n  {} # c\nd: e\n"},
      {"the only one of a block, a block scalar", "m:\n  a: |\n    b\n\nd: e\n", "m.a", nullptr, "m:\n  {}\n\nd: e\n"},
      {"the only one at all", "a: b", "a", nullptr, "{}"},
      {"JSON in lines", "{\n  \"a\": 1,\n  \"b\": {\n  },\n  \"c\": 3\n}\n", "b", nullptr,
       "{\n  \"a\": 1,\n  \"c\": 3\n}\n"},
      {"the last of JSON in lines", "{\n  \"a\": 1,\n  \"c\": 3\n}\n", "c", nullptr, "{\n  \"a\": 1\n}\n"},
      {"lines in brackets with comments", "{\n  a: 1, # x\n  # w\n  b: 2\n}\n", "a", nullptr, "{\n  # w\n  b: 2\n}\n"},
      {"an anchor that somebody uses", "a: &x b\nc: *x\n", "a", nullptr,
       "! line 1: a is shared through the anchor &x, which line 2 uses: a change would be one there, too"},
      {"an anchor inside that somebody uses", "a: {b: &x c}\nd: *x\n", "a", nullptr,
       "! line 1: a is shared through the anchor &x, which line 2 uses: a change would be one there, too"},
  };
  expect_all(rows);
}

TEST(YamlEdit, RefusesWhatItCannotDo) {
  const Row rows[] = {
      {"no YAML", "a: {\n", "a", "b", "! yaml: line 2: did not find expected node content"},
      {"two documents", "a: b\n---\nc: d\n", "a", "x", "! yaml: line 1: here are 2 documents instead of one"},
      {"no document", "# a\n", "a", "x", "! yaml: line 1: here are 0 documents instead of one"},
      {"a collection", "a: [b]\n", "a", "x", "! line 1: a is a sequence, where a text is to be written"},
      {"a scalar around", "a: b\n", "a.c", "x", "! line 1: a is not a mapping"},
      {"two levels missing", "a: b\n", "c.d.e", "x", "! line 1: there is no c"},
      {"not UTF-8", "a: b\n", "a", "\xFF", "! the new value of a is not UTF-8"},
      {"UTF-16",
       "\xFF\xFE"
       "a",
       "a", "x", "! yaml: line 1: the text is UTF-16, which is not edited"},
      {"a blank line that would become text", "a: |+\n  b\nc: d\n\ne: f\n", "c", nullptr,
       "! c cannot be changed without changing a as well"},
  };
  expect_all(rows);
}

TEST(YamlEdit, MakesChangesTogether) {
  const std::vector<Change> both{{path_of("a"), "w"}, {path_of("b"), "w"}};
  EXPECT_EQ(edit("a: &x 1\nb: *x\n", both).value_or(""), "a: &x w\nb: *x\n");
  const std::vector<Change> new_ones{{path_of("m.k.b"), "1"}, {path_of("m.k.c"), "2"}, {path_of("m.a"), std::nullopt}};
  EXPECT_EQ(edit("m:\n  a: x\n  d: z\n", new_ones).value_or(""), "m:\n  d: z\n  k:\n    b: '1'\n    c: '2'\n");
}

TEST(YamlEdit, NamesLinesOfTheFile) {
  const std::string text = "a: [b]\n";
  const auto document = read_one(text, 5);
  const Change change{path_of("a"), "x"};
  const auto edited = edit({text, *document, 5}, std::span(&change, 1));
  ASSERT_FALSE(edited);
  EXPECT_TRUE(edited.error().message.starts_with("line 5: ")) << edited.error().message;
  EXPECT_TRUE(read_one("a: {\n", 5).error().message.starts_with("yaml: line 6: "));
}

}  // namespace edit_test
}  // namespace flux::yaml
