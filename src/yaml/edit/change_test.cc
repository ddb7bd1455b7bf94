#include "yaml/edit/change.h"

#include <gtest/gtest.h>

#include "yaml/reader.h"

namespace flux::yaml {
namespace change_test {

using namespace std::string_literals;

TEST(Path, LeadsThroughAliasesMergesAndKeysOfAnyType) {
  const auto document = std::move(read_all("a: &x {b: [c, {1: d}]}\ne: {<<: *x}\nf: *x\n")->front());
  for (const auto* const at : {"a", "e", "f"}) {
    const auto node = node_at(document.root(), Path{at, "b"s, std::size_t{1}, "1"s});
    ASSERT_TRUE(node) << at;
    EXPECT_EQ(node->text(), "d");
  }
  EXPECT_FALSE(node_at(document.root(), Path{"a"s, std::size_t{0}}));
  EXPECT_FALSE(node_at(document.root(), Path{"a"s, "b"s, std::size_t{2}}));
  EXPECT_FALSE(node_at(document.root(), Path{"a"s, "b"s, "c"s}));
  EXPECT_TRUE(node_at(document.root(), Path{}));
}

TEST(Path, IsShownAsPeopleWriteIt) {
  EXPECT_EQ(to_string(Path{"spec"s, "containers"s, std::size_t{2}, "image"s}), "spec.containers[2].image");
  EXPECT_EQ(to_string(Path{}), "the document");
}

}  // namespace change_test
}  // namespace flux::yaml
