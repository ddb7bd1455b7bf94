#include "images/registry/pages.h"

#include <gtest/gtest.h>

namespace flux::images {
namespace pages_test {

constexpr const char* kUrl = "https://registry.example.org:5000/v2/team/app/tags/list";

struct Row {
  const char* name;
  const char* link;
  const char* next;  ///< empty: none
};

class PagesTest : public ::testing::TestWithParam<Row> {};

TEST_P(PagesTest, NextPage) {
  http::Headers headers;
  headers.add("Link", GetParam().link);
  const auto next = next_page(kUrl, headers);
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_EQ(next->value_or(""), GetParam().next);
}

constexpr const char* kNext = "https://registry.example.org:5000/v2/team/app/tags/list?last=b%3D%3D&n=2";

INSTANTIATE_TEST_SUITE_P(
    All, PagesTest,
    ::testing::Values(Row{"Relative", R"(</v2/team/app/tags/list?last=b%3D%3D&n=2>; rel="next")", kNext},
                      Row{"QueryOnly", R"(<?last=b%3D%3D&n=2>; rel=next)", kNext},
                      Row{"Whole", "<https://registry.example.org:5000/v2/team/app/tags/list?last=b%3D%3D&n=2>", kNext},
                      Row{"WithoutBrackets", R"(/v2/team/app/tags/list?last=b%3D%3D&n=2; rel="next")", kNext},
                      Row{"OtherRelation", R"(</v2/team/app/tags/list?n=2>; rel="prev")", ""},
                      Row{"Unended", "</v2/team/app", ""}, Row{"Empty", "", ""}),
    [](const auto& row) { return row.param.name; });

TEST(NextPageTest, AnotherHostPortOrSchemeIsRefusedByName) {
  for (const auto* link : {"<https://evil.example.net/v2/x>; rel=next", "<https://registry.example.org/v2/x>",
                           "<http://registry.example.org:5000/v2/x>", "<//169.254.169.254/latest>"}) {
    http::Headers headers;
    headers.add("Link", link);
    const auto next = next_page(kUrl, headers);
    ASSERT_FALSE(next) << link;
    EXPECT_EQ(next.error().kind, ErrorKind::user);
  }
}

TEST(NextPageTest, NoHeaderIsTheLastPage) { EXPECT_EQ(next_page(kUrl, {}).value(), std::nullopt); }

}  // namespace pages_test
}  // namespace flux::images
