#include "cli/image_health_rows.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace flux::cli {
namespace image_health_rows_test {

using api::ImageHealth;

Timestamp at(std::string_view text) { return *parse_timestamp(text); }
const Timestamp kNow = at("2021-03-09T10:00:00Z");

ImageHealth well(const std::string& name) {
  return {.image = name,
          .credentials = "anonymous",
          .tags = 12,
          .last_success = kNow - std::chrono::seconds(30),
          .next_refresh = kNow + std::chrono::seconds(32)};
}

ImageHealth refused() {
  auto image = well("r.example/refused");
  image.credentials = "shop:secret/pull";
  image.last_success = kNow - std::chrono::hours(3);
  image.next_refresh = kNow + std::chrono::minutes(16);
  image.error = "requesting tags: r.example says 403\ndenied";
  image.help = "Is it the right pull secret?";
  image.failing_since = kNow - std::chrono::minutes(170);
  return image;
}

ImageHealth half() {
  auto image = well("r.example/half");
  image.failing_tag_count = 7;
  image.failing_tags = {{"1.0", "no manifest"}, {"1.1", "timeout"}};
  return image;
}

TEST(ImageSummaryTest, IsOneLine) {
  const Paint plain(false);
  EXPECT_EQ(image_summary({}, plain), "0 scanned");
  EXPECT_EQ(image_summary({well("a"), well("b")}, plain), "2 scanned, all well");
  EXPECT_EQ(image_summary({well("a"), {.image = "new"}}, plain), "2 scanned, 1 of them not yet");
  EXPECT_EQ(image_summary({well("a"), refused(), half(), {.image = "new"}}, plain),
            "4 scanned, 1 of them not yet, 2 of them not well");
}

TEST(AilingImagesTest, AreTheOnlyOnesShownAmongMany) {
  std::vector<ImageHealth> images(100, well("r.example/well"));
  EXPECT_EQ(ailing_images(images, kNow, 10), "");
  images[17] = refused();
  images[52] = half();
  EXPECT_EQ(ailing_images(images, kNow, 10),
            "  r.example/refused (credentials: shop:secret/pull)\n"
            "    requesting tags: r.example says 403\n"
            "    denied\n"
            "    Is it the right pull secret?\n"
            "    since 2021-03-09 07:10:00 UTC (2h50m ago), last success: 3h0m ago, next attempt: in 16m\n"
            "  r.example/half (credentials: anonymous)\n"
            "    7 of 12 tags cannot be looked at, and so not be chosen by time:\n"
            "      1.0: no manifest\n"
            "      1.1: timeout\n"
            "      and 5 more; fluxd's log names them\n");
}

TEST(AilingImagesTest, SayWhenAnAttemptIsUnderWayAndWhatNobodyKnows) {
  ImageHealth image{.image = "r.example/a", .credentials = "anonymous", .error = "refused"};
  EXPECT_EQ(ailing_images({image}, kNow, 10),
            "  r.example/a (credentials: anonymous)\n"
            "    refused\n"
            "    since an unknown time, last success: none known, next attempt: under way\n");
}

TEST(AilingImagesTest, AreCountedWhereThereAreMany) {
  const std::vector<ImageHealth> images(12, {.image = "r.example/a", .credentials = "anonymous", .error = "refused"});
  const auto page = ailing_images(images, kNow, 10);
  EXPECT_EQ(std::ranges::count(page, '\n'), 31) << page;
  EXPECT_TRUE(page.ends_with("\n  and 2 more; --images shows all\n")) << page;
  EXPECT_EQ(std::ranges::count(ailing_images(images, kNow, 12), '\n'), 36);
}

TEST(ImageRowsTest, ShowEachImage) {
  EXPECT_EQ(image_rows({well("r.example/a"), refused()}, kNow),
            "  IMAGE              TAGS  FAILING  LAST SUCCESS  NEXT    CREDENTIALS\n"
            "  r.example/a        12    0        30s ago       in 32s  anonymous\n"
            "  r.example/refused  12    0        3h0m ago      in 16m  shop:secret/pull\n");
}

}  // namespace image_health_rows_test
}  // namespace flux::cli
