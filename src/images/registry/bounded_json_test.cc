#include "images/registry/bounded_json.h"

#include <gmock/gmock.h>

#include "base/json.h"

namespace flux::images {
namespace bounded_json_test {

using ::testing::HasSubstr;

TEST(BoundedJson, CountsValuesAndNotWhatIsInStrings) {
  struct Row {
    const char* text;
    std::size_t values;
  };
  for (const auto& [text, values] : {Row{"1", 1}, Row{"[]", 2}, Row{"[1,2,3]", 4}, Row{R"({"a":1,"b":{"c":[]}})", 5},
                                     Row{R"(["[,{,","\",[","\\"])", 4}}) {
    EXPECT_TRUE(parse_bounded_json(text, values)) << text;
    const auto refused = parse_bounded_json(text, values - 1);
    ASSERT_FALSE(refused) << text;
    EXPECT_THAT(refused.error().message, HasSubstr("more than")) << text;
  }
}

TEST(BoundedJson, SaysWhatIsNone) {
  for (const auto* text : {"", "<html>", R"({"a":)", R"("a)", "\"\\", "\xff"}) {
    const auto read = parse_bounded_json(text, 100);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().message, "the answer is not JSON") << text;
  }
}

}  // namespace bounded_json_test
}  // namespace flux::images
