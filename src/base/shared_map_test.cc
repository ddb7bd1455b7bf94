#include "base/shared_map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace flux {
namespace shared_map_test {

using Map = SharedMap<std::string, int>;
using Plain = std::map<std::string, int>;

Plain plain(const Map& map) {
  Plain out;
  for (const auto& [key, value] : map) out.emplace(key, value);
  return out;
}

Plain differences(const Map& before, const Map& after) {
  Plain out;  // 1: came, 2: went, 3: changed
  Map::compare(before, after, [&](const std::string& key, const int* was, const int* is) {
    out.emplace(key, was ? (is ? 3 : 2) : 1);
  });
  return out;
}

TEST(SharedMapTest, KeepsFindsAndForgets) {
  Map map;
  EXPECT_TRUE(map.empty());
  EXPECT_EQ(map.find("a"), nullptr);
  map.set("a", 1);
  map.set("b", 2);
  map.set("a", 3);
  EXPECT_EQ(map.size(), 2U);
  EXPECT_EQ(map.at("a"), 3);
  EXPECT_TRUE(map.erase("a"));
  EXPECT_FALSE(map.erase("a"));
  EXPECT_FALSE(map.contains("a"));
  EXPECT_EQ(plain(map), (Plain{{"b", 2}}));
}

TEST(SharedMapTest, ACopyStaysAsItWas) {
  Map map;
  map.set("a", 1);
  const Map before = map;
  map.set("a", 2);
  map.set("b", 2);
  const Map between = map;
  map.erase("a");
  Map other = between;
  other.set("b", 7);
  EXPECT_EQ(plain(before), (Plain{{"a", 1}}));
  EXPECT_EQ(plain(between), (Plain{{"a", 2}, {"b", 2}}));
  EXPECT_EQ(plain(map), (Plain{{"b", 2}}));
  EXPECT_EQ(plain(other), (Plain{{"a", 2}, {"b", 7}}));
}

TEST(SharedMapTest, AMovedFromMapIsEmptyAndUsable) {
  Map map;
  map.set("a", 1);
  Map taken = std::move(map);
  map = Map();
  map.set("b", 2);
  EXPECT_EQ(plain(taken), (Plain{{"a", 1}}));
  EXPECT_EQ(plain(map), (Plain{{"b", 2}}));
}

TEST(SharedMapTest, TellsWhatDiffers) {
  Map before;
  for (int i = 0; i < 1000; ++i) before.set(std::to_string(i), i);
  Map after = before;
  EXPECT_TRUE(after.shares_all_with(before));
  EXPECT_TRUE(differences(before, after).empty());
  after.set("5", -5);
  after.erase("6");
  after.set("new", 0);
  after.set("7", 7);  // as it was
  EXPECT_EQ(differences(before, after), (Plain{{"5", 3}, {"6", 2}, {"new", 1}}));
  EXPECT_EQ(differences(after, before), (Plain{{"5", 3}, {"6", 1}, {"new", 2}}));
  EXPECT_EQ(differences(Map(), before).size(), 1000U);
}

/// Against std::map, over random edits, with copies kept on the way.
TEST(SharedMapTest, IsAMap) {
  std::minstd_rand random(17);
  Map map;
  Plain expected;
  std::vector<std::pair<Map, Plain>> kept;
  for (int i = 0; i < 20000; ++i) {
    const auto key = std::to_string(random() % 3000);
    if (random() % 3 == 0) {
      EXPECT_EQ(map.erase(key), expected.erase(key) > 0);
    } else {
      map.set(key, i);
      expected[key] = i;
    }
    if (i % 997 == 0) kept.emplace_back(map, expected);
  }
  EXPECT_EQ(map.size(), expected.size());
  EXPECT_EQ(plain(map), expected);
  for (const auto& [copy, as_it_was] : kept) {
    EXPECT_EQ(plain(copy), as_it_was);
    Plain differ;
    for (const auto& [key, value] : as_it_was)
      if (const auto now = expected.find(key); now == expected.end() || now->second != value)
        differ.emplace(key, now == expected.end() ? 2 : 3);
    for (const auto& [key, value] : expected)
      if (!as_it_was.contains(key)) differ.emplace(key, 1);
    EXPECT_EQ(differences(copy, map), differ);
  }
}

}  // namespace shared_map_test
}  // namespace flux
