#include "daemon/scanning/image_health.h"

#include <gmock/gmock.h>

namespace flux::daemon {
namespace image_health_test {

using testing::HasSubstr;
using testing::Not;

const Timestamp kTime = *parse_timestamp("2021-03-09T10:00:00Z");

images::ImageHealth broken() {
  return {.image = "r.example/app",
          .credentials = "shop:secret/pull",
          .tags = 9,
          .last_success = kTime,
          .next_refresh = kTime + std::chrono::minutes(5),
          .error = "refused",
          .help = "Is it up?",
          .failing_since = kTime,
          .failing_tag_count = 2,
          .failing_tags = {{"1", "no manifest"}}};
}

TEST(ImageHealthTest, ToldByTheApiIsAllThatIsKnown) {
  const auto told = to_api({broken(), {.image = "r.example/open"}});
  ASSERT_EQ(told.size(), 2);
  EXPECT_EQ(told[0], (api::ImageHealth{.image = "r.example/app",
                                       .credentials = "shop:secret/pull",
                                       .tags = 9,
                                       .last_success = kTime,
                                       .next_refresh = kTime + std::chrono::minutes(5),
                                       .error = "refused",
                                       .help = "Is it up?",
                                       .failing_since = kTime,
                                       .failing_tag_count = 2,
                                       .failing_tags = {{"1", "no manifest"}}}));
  EXPECT_EQ(told[1].credentials, "anonymous");
}

TEST(ImageHealthTest, IsInTheMetricsForAsLongAsTheImageIsScanned) {
  metrics::Metrics metrics;
  show({broken(), {.image = "r.example/open"}}, metrics);
  const auto text = metrics.exposition();
  for (const auto* line : {"\nflux_registry_image_last_success_timestamp_seconds{image=\"r.example/app\"} 1615284000\n",
                           "\nflux_registry_image_next_refresh_timestamp_seconds{image=\"r.example/app\"} 1615284300\n",
                           "\nflux_registry_image_failing{image=\"r.example/app\"} 1\n",
                           "\nflux_registry_image_failing{image=\"r.example/open\"} 0\n",
                           "\nflux_registry_image_failing_tags{image=\"r.example/app\"} 2\n",
                           "{image=\"r.example/app\",credentials=\"shop:secret/pull\"} 1\n",
                           "{image=\"r.example/open\",credentials=\"anonymous\"} 1\n"})
    EXPECT_THAT(text, HasSubstr(line));
  EXPECT_THAT(text, Not(HasSubstr("last_success_timestamp_seconds{image=\"r.example/open\"}"))) << "it is not known";
  show({}, metrics);
  EXPECT_THAT(metrics.exposition(), Not(HasSubstr("r.example")));
}

}  // namespace image_health_test
}  // namespace flux::daemon
