#include "yaml/edit/difference.h"

#include <gtest/gtest.h>

#include "yaml/reader.h"

namespace flux::yaml {
namespace difference_test {

/// Paths, `+` for what is new and `-` for what is gone.
std::string found(const std::string& before, const std::string& after) {
  const auto a = read_all(before).value();
  const auto b = read_all(after).value();
  std::string out;
  for (const auto& one : differences(a.front().root(), b.front().root(), 10)) {
    out += out.empty() ? "" : " ";
    out += !one.before ? "+" : !one.after ? "-" : "";
    out += to_string(one.path);
  }
  return out;
}

TEST(Differences, AreThoseOfMeaning) {
  const struct {
    const char* name;
    const char* before;
    const char* after;
    const char* found;
  } rows[] = {
      {"style, order, comments", "a: 'b' # c\nd: [1]\n", "d:\n- 0x1\na: |-\n  b\n", ""},
      {"aliases and merges", "a: &x {b: c}\nd: {b: c, e: f}\n", "a: &x {b: c}\nd: {<<: *x, e: f}\n", ""},
      {"value", "a: {b: c, d: [e, f]}\n", "a: {b: x, d: [e, g]}\n", "a.b a.d[1]"},
      {"type", "a: 1\nb: 1\nc: ~\n", "a: '1'\nb: 1.5\nc: ''\n", "a b c"},
      {"type of a key", "true: a\n", "'true': a\n", "-true +true"},
      {"key", "a: b\nc: {d: e}\n", "c: {d: f}\ng: h\n", "-a +g c.d"},
      {"kind", "a: {}\n", "a: []\n", "a"},
      {"length", "a: [b]\n", "a: [b, c]\n", "a"},
      {"root", "a\n", "b\n", "the document"},
      {"below keys that differ", "a: 1\nb: {c: [1, {d: e}]}\n", "b: {c: [1, {d: f}]}\n", "-a b.c[1].d"},
      {"each use of an alias", "a: &x b\nc: [*x, *x]\n", "a: &x d\nc: [*x, *x]\n", "a c[0] c[1]"},
  };
  for (const auto& row : rows) EXPECT_EQ(found(row.before, row.after), row.found) << row.name;
}

TEST(Differences, AreNoMoreThanAskedFor) {
  const auto a = read_all("[1, 2, 3]").value();
  const auto b = read_all("[4, 5, 6]").value();
  EXPECT_EQ(differences(a.front().root(), b.front().root(), 2).size(), 2U);
}

TEST(Differences, AreFoundHoweverDeep) {
  const auto deep = [](const std::string& core) { return std::string(9000, '[') + core + std::string(9000, ']'); };
  EXPECT_EQ(found(deep("a"), deep("a")), "");
  EXPECT_NE(found(deep("a"), deep("b")), "");
}

}  // namespace difference_test
}  // namespace flux::yaml
