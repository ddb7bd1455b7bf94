#include "cli/image_health_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/moment.h"
#include "cli/table.h"

namespace flux::cli {
namespace {

using api::ImageHealth;

bool is_new(const ImageHealth& image) { return image.well() && !image.last_success; }

std::string next(const ImageHealth& image, Timestamp now) {
  return image.next_refresh ? "in " + age(*image.next_refresh - now) : "under way";
}

std::string last_success(const ImageHealth& image, Timestamp now) {
  return image.last_success ? age(now - *image.last_success) + " ago" : "none known";
}

/// An error of a registry may have lines of its own.
void add_lines(std::string& page, std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (end > 0) page += fmt::format("    {}\n", text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void add_failing_tags(std::string& page, const ImageHealth& image) {
  page += fmt::format("    {} of {} tags cannot be looked at, and so not be chosen by time:\n", image.failing_tag_count,
                      image.tags);
  for (const auto& tag : image.failing_tags) page += fmt::format("      {}: {}\n", tag.tag, tag.error);
  const auto more = image.failing_tag_count - static_cast<std::int64_t>(image.failing_tags.size());
  if (more > 0) page += fmt::format("      and {} more; fluxd's log names them\n", more);
}

}  // namespace

std::string image_summary(const std::vector<ImageHealth>& images, const Paint& paint) {
  const auto ailing = std::ranges::count_if(images, [](const auto& image) { return !image.well(); });
  const auto fresh = std::ranges::count_if(images, is_new);
  auto text = fmt::format("{} scanned", images.size());
  if (fresh > 0) text += fmt::format(", {} of them not yet", fresh);
  if (ailing > 0) return text + paint(Colour::red, fmt::format(", {} of them not well", ailing));
  if (fresh == 0 && !images.empty()) text += paint(Colour::green, ", all well");
  return text;
}

std::string ailing_images(const std::vector<ImageHealth>& images, Timestamp now, std::size_t most) {
  std::string page;
  std::size_t ailing = 0;
  for (const auto& image : images) {
    if (image.well() || ++ailing > most) continue;
    page += fmt::format("  {} (credentials: {})\n", image.image, image.credentials);
    if (!image.error.empty()) {
      add_lines(page, image.error);
      add_lines(page, image.help);
      page += fmt::format("    since {}, last success: {}, next attempt: {}\n",
                          image.failing_since ? moment(*image.failing_since, now) : "an unknown time",
                          last_success(image, now), next(image, now));
    }
    if (image.failing_tag_count > 0) add_failing_tags(page, image);
  }
  if (ailing > most) page += fmt::format("  and {} more; --images shows all\n", ailing - most);
  return page;
}

std::string image_rows(const std::vector<ImageHealth>& images, Timestamp now) {
  std::vector<std::vector<std::string>> rows{{"  IMAGE", "TAGS", "FAILING", "LAST SUCCESS", "NEXT", "CREDENTIALS"}};
  for (const auto& image : images)
    rows.push_back({"  " + image.image, std::to_string(image.tags), std::to_string(image.failing_tag_count),
                    last_success(image, now), next(image, now), image.credentials});
  return align(rows);
}

}  // namespace flux::cli
