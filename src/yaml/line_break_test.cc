#include "yaml/line_break.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace flux::yaml {
namespace line_break_test {

TEST(LineBreaks, AreCountedOnceEach) {
  const struct {
    std::string text;
    std::size_t count;
  } rows[] = {
      {"", 0},       {"a", 0},        {"a\nb\n", 2},       {"\r\n\r\n", 2},     {"\n\r", 2},
      {"\r\r\n", 2}, {"a\u0085b", 1}, {"\u2028\u2029", 2}, {"\u00A0\u2027", 0}, {"a\rb\r\nc\nd\u2028", 4},
      {"\n\n\n", 3},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(count_breaks(row.text), row.count) << row.text;
    std::size_t one_by_one = 0;
    for (std::string_view rest = row.text; !rest.empty();) {
      const auto size = break_at_front(rest);
      if (size > 0) ++one_by_one;
      rest.remove_prefix(std::max<std::size_t>(size, 1));
    }
    EXPECT_EQ(one_by_one, row.count) << row.text;
  }
}

}  // namespace line_break_test
}  // namespace flux::yaml
