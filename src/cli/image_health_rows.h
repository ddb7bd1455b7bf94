#pragma once

#include <string>
#include <vector>

#include "api/wire/image_health.h"
#include "cli/paint.h"

/// How the images fare, for `fluxctl status`.
namespace flux::cli {

/// `120 scanned, 2 of them not well`: one line for however many there are.
[[nodiscard]] std::string image_summary(const std::vector<api::ImageHealth>& images, const Paint& paint);

/// Of the first `most` images that are not well: what, since when, who asked, what to do; and how many more there are,
/// because a registry that is down has many. A line begins with two spaces. Empty when all are well.
[[nodiscard]] std::string ailing_images(const std::vector<api::ImageHealth>& images, Timestamp now, std::size_t most);

/// One line for each image: its tags, last success, next refresh and credentials.
[[nodiscard]] std::string image_rows(const std::vector<api::ImageHealth>& images, Timestamp now);

}  // namespace flux::cli
