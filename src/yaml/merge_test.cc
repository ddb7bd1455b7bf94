#include <gtest/gtest.h>

#include "yaml/reader.h"

namespace flux::yaml {
namespace merge_test {

/// The entries of a mapping, each with the key under which the mapping stands at the top that it was merged from.
std::string shown(Node root, std::string_view under) {
  const auto name_of = [root](Node mapping) -> std::string {
    for (std::size_t i = 0; i < root.size(); ++i)
      if (root.entry(i).value.identity() == mapping.identity()) return std::string(root.entry(i).key.text());
    return "elsewhere";
  };
  const auto mapping = root.find(under);
  std::string out;
  for (std::size_t i = 0; mapping && i < mapping->size(); ++i) {
    const auto entry = mapping->entry(i);
    out += (i > 0 ? " " : "") + std::string(entry.key.text()) + "=" + std::to_string(entry.value.integer());
    if (entry.merged_from) out += "<" + name_of(*entry.merged_from);
  }
  return out;
}

TEST(Merges, AreToldApartFromWhatIsWritten) {
  const struct {
    const char* name;
    const char* text;
    const char* shown;  ///< what `k` holds
  } rows[] = {
      {"no merge", "k: {b: 2, a: 1}\n", "a=1 b=2"},
      {"beside others", "p: &p {a: 1, c: 1}\nk:\n  <<: *p\n  b: 2\n", "a=1<p b=2 c=1<p"},
      {"written again after the merge", "p: &p {a: 1, b: 1}\nk:\n  <<: *p\n  b: 2\n", "a=1<p b=2"},
      {"written before the merge, which wins", "p: &p {a: 1}\nk:\n  a: 2\n  <<: *p\n", "a=1<p"},
      {"nothing left of the merge", "p: &p {a: 1}\nk:\n  <<: *p\n  a: 2\n", "a=2"},
      {"an empty mapping", "p: &p {}\nk:\n  <<: *p\n  a: 2\n", "a=2"},
      {"several", "p: &p {a: 1}\nq: &q {a: 2, b: 2}\nk: {<<: [*p, *q], c: 3}\n", "a=1<p b=2<q c=3"},
      {"several merge keys", "p: &p {a: 1}\nq: &q {a: 2, b: 2}\nk: {<<: *p, c: 3, <<: *q}\n", "a=2<q b=2<q c=3"},
      {"twice the same", "p: &p {a: 1}\nk: {<<: [*p, *p]}\n", "a=1<p"},
      {"in many steps", "p: &p {a: 1, b: 1}\nq: &q {<<: *p, b: 2}\nk: {<<: *q, c: 3}\n", "a=1<p b=2<q c=3"},
      {"the step between", "p: &p {a: 1, b: 1}\nk: &q {<<: *p, b: 2}\nl: {<<: *q, c: 3}\n", "a=1<p b=2"},
      {"a mapping within the merge", "k: {<<: {a: 1}, b: 2}\n", "a=1<elsewhere b=2"},
      {"through an alias of the whole", "p: &p {a: 1}\nq: &q {<<: *p, b: 2}\nk: *q\n", "a=1<p b=2"},
      {"keys that are aliases", "x: &x a\np: &p {*x : 1}\nk: {<<: *p, b: 2}\n", "a=1<p b=2"},
      {"a quoted key merges nothing", "k: {'<<': 1, a: 2}\n", "<<=1 a=2"},
  };
  for (const auto& row : rows) {
    const auto documents = read_all(row.text);
    ASSERT_TRUE(documents) << row.name << ": " << documents.error().message;
    EXPECT_EQ(shown(documents->front().root(), "k"), row.shown) << row.name;
  }
}

TEST(Merges, LeadToWhereTheValueIsWritten) {
  const std::string text = "base: &base\n  image: app:1\nk:\n  <<: *base\n  name: app\n# c\n";
  const auto documents = read_all(text);
  ASSERT_TRUE(documents);
  const auto mapping = *documents->front().root().find("k");
  EXPECT_EQ(text.substr(mapping.span().begin, mapping.span().end - mapping.span().begin), "<<: *base\n  name: app");
  const auto entry = mapping.entry(0);
  ASSERT_EQ(entry.key.text(), "image");
  ASSERT_TRUE(entry.merged_from);
  EXPECT_EQ(entry.merged_from->line(), 2);
  EXPECT_FALSE(entry.merged_from->is_alias());
  EXPECT_LE(entry.merged_from->span().begin, entry.value.span().begin);
  EXPECT_GE(entry.merged_from->span().end, entry.value.span().end);
}

}  // namespace merge_test
}  // namespace flux::yaml
