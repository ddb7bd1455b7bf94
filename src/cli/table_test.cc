#include "cli/table.h"

#include <gtest/gtest.h>

namespace flux::cli {
namespace table_test {

struct AlignCase {
  const char* why;
  const char* text;
  const char* aligned;
};

TEST(TableTest, AlignsRunsOfCells) {
  const AlignCase cases[] = {
      {"nothing", "", "\n"},
      {"free text is not padded", "a\nlonger\n", "a\nlonger\n"},
      {"a column is as wide as its longest cell and two more", "a\tb\nlonger\tc\n", "a       b\nlonger  c\n"},
      {"an empty last field leaves blanks at the end", "a\t\nlonger\tc\n", "a       \nlonger  c\n"},
      {"an empty column is two wide", "\tx\n\ty\n", "  x\n  y\n"},
      {"a line without the cell ends the run", "a\tb\nplain\nlonger\tc\n", "a  b\nplain\nlonger  c\n"},
      {"characters count, not bytes", "\u00e9\u00e9\tb\nabc\tc\n", "\u00e9\u00e9   b\nabc  c\n"},
      {"later columns have runs of their own", "a\tb\tc\nlonger\td\n", "a       b  c\nlonger  d\n"},
  };
  for (const auto& row : cases) EXPECT_EQ(align(row.text), row.aligned) << row.why;
}

}  // namespace table_test
}  // namespace flux::cli
