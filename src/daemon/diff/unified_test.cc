#include "daemon/diff/unified.h"

#include <gtest/gtest.h>

#include <random>
#include <sstream>
#include <vector>

namespace flux::daemon {
namespace unified_test {

std::string numbered(int count) {
  std::string text;
  for (int i = 1; i <= count; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  return text.replace(text.find(what), what.size(), with);
}

struct Row {
  const char* name;
  std::string before;
  std::string after;
  std::string diff;
};

TEST(UnifiedDiff, shows_what_differs) {
  const std::vector<Row> rows{
      {"equal", "a\nb\n", "a\nb\n", ""},
      {"one line among few", "a\nb\nc\n", "a\nB\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"},
      {"created", "", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"},
      {"removed", "a\n", "", "@@ -1 +0,0 @@\n-a\n"},
      {"appended", "a\n", "a\nb\n", "@@ -1 +1,2 @@\n a\n+b\n"},
      {"three lines around a change", numbered(9), replaced(numbered(9), "line 5", "five"),
       "@@ -2,7 +2,7 @@\n line 2\n line 3\n line 4\n-line 5\n+five\n line 6\n line 7\n line 8\n"},
      {"changes that are close share a hunk", numbered(9),
       replaced(replaced(numbered(9), "line 2\n", ""), "line 9", "nine"),
       "@@ -1,9 +1,8 @@\n line 1\n-line 2\n line 3\n line 4\n line 5\n line 6\n line 7\n line 8\n-line 9\n+nine\n"},
      {"changes that are far apart do not", numbered(20),
       replaced(replaced(numbered(20), "line 2\n", ""), "line 18", "x"),
       "@@ -1,5 +1,4 @@\n line 1\n-line 2\n line 3\n line 4\n line 5\n"
       "@@ -15,6 +14,6 @@\n line 15\n line 16\n line 17\n-line 18\n+x\n line 19\n line 20\n"},
  };
  for (const auto& row : rows) EXPECT_EQ(unified_diff(row.before, row.after), row.diff) << row.name;
}

/// Carries a diff out, and checks that what it says about the old text is true.
std::string patched(const std::string& before, const std::string& diff) {
  std::vector<std::string> old;
  for (std::istringstream in(before); in.good();) {
    std::string line;
    if (std::getline(in, line)) old.push_back(line);
  }
  std::string out;
  std::size_t at = 0;
  std::istringstream in(diff);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("@@")) {
      const auto first = std::stoul(line.substr(line.find('-') + 1));
      const bool none = line.find(",0 +") != std::string::npos;
      for (const auto until = none ? first : first - 1; at < until; ++at) out += old[at] + "\n";
      continue;
    }
    if (line[0] != '+') {
      EXPECT_LT(at, old.size());
      if (at < old.size()) {
        EXPECT_EQ(old[at], line.substr(1));
      }
      ++at;
    }
    if (line[0] != '-') out += line.substr(1) + "\n";
  }
  for (; at < old.size(); ++at) out += old[at] + "\n";
  return out;
}

TEST(UnifiedDiff, leads_from_any_text_to_any_other) {
  std::mt19937 random(7);
  const auto text = [&](int lines) {
    std::string out;
    for (int i = 0; i < lines; ++i) out += std::string(1, static_cast<char>('a' + random() % 4)) + "\n";
    return out;
  };
  for (int i = 0; i < 500; ++i) {
    const auto before = text(static_cast<int>(random() % 30));
    const auto after = text(static_cast<int>(random() % 30));
    EXPECT_EQ(patched(before, unified_diff(before, after)), after) << before << "---\n" << after;
  }
}

TEST(UnifiedDiff, replaces_as_a_whole_what_has_nothing_in_common) {
  std::string before;
  std::string after;
  for (int i = 0; i < 5000; ++i) {
    before += "old " + std::to_string(i) + "\n";
    after += "new " + std::to_string(i) + "\n";
  }
  const auto diff = unified_diff("same\n" + before, "same\n" + after);
  EXPECT_TRUE(diff.starts_with("@@ -1,5001 +1,5001 @@\n same\n-old 0\n")) << diff.substr(0, 80);
  EXPECT_EQ(patched("same\n" + before, diff), "same\n" + after);
}

}  // namespace unified_test
}  // namespace flux::daemon
