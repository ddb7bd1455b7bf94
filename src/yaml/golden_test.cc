// Every row of testdata/golden.jsonl is what go-yaml v2.4.0 made of a document (tests/oracle/yaml/golden.py).
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "base/json.h"
#include "yaml/encode.h"
#include "yaml/json.h"
#include "yaml/reader.h"

namespace flux::yaml {
namespace golden_test {

std::vector<SortedJson> rows() {
  std::ifstream file(std::filesystem::path(FLUX_TESTDATA) / "golden.jsonl");
  std::vector<SortedJson> out;
  for (std::string line; std::getline(file, line);) out.push_back(parse_sorted_json(line).value());
  return out;
}

void expect_same(Node root, const SortedJson& row, std::size_t i) {
  EXPECT_EQ(encode(root), row["yaml"][i].get<std::string>());
  EXPECT_EQ(checksum(root), row["sum"][i].get<std::string>());
  const auto text = to_json(root);
  ASSERT_EQ(text.has_value(), !row["json"][i].is_null());
  if (!text) return;
  const auto expected = row["json"][i].get<std::string>();
  // Equal but for the order of keys, which in ours is that of the YAML.
  EXPECT_EQ(text->size(), expected.size()) << *text << "\n" << expected;
  EXPECT_EQ(parse_sorted_json(*text).value(), parse_sorted_json(expected).value());
}

TEST(Golden, AgreesWithGoYaml) {
  const auto all = rows();
  ASSERT_GT(all.size(), 500U);
  for (const auto& row : all) {
    SCOPED_TRACE(dump_json(row["text"]));
    const auto text = row["text"].get<std::string>();
    const auto documents = read_all(text);
    ASSERT_EQ(!documents.has_value(), row.contains("refused"));
    if (!documents) continue;
    ASSERT_EQ(documents->size(), row["yaml"].size());
    for (std::size_t i = 0; i < documents->size(); ++i) expect_same((*documents)[i].root(), row, i);
  }
}

}  // namespace golden_test
}  // namespace flux::yaml
