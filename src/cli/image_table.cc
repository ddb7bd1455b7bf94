#include "cli/image_table.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cli/table.h"

namespace flux::cli {
namespace {

using Row = std::vector<std::string>;

constexpr std::string_view kBefore = "|  ";
constexpr std::string_view kCurrent = "'->";
constexpr std::string_view kAfter = "   ";

std::string created_text(const std::optional<Timestamp>& time) {
  if (!time) return {};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count();
  return fmt::format("{:%d %b %y %H:%M} UTC", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

class ImageRows {
 public:
  explicit ImageRows(const ImageTableOptions& options) : options_(options) {
    if (options_.headers) add("WORKLOAD", "CONTAINER", "IMAGE", "CREATED", "DIGEST");
  }

  void workload(const api::ImageStatus& workload) {
    auto id = workload.id.to_string();
    if (workload.containers.empty()) add(std::move(id), "", "", "");
    for (const auto& container : workload.containers) {
      head(std::exchange(id, {}), container);
      images(container);
    }
  }

  [[nodiscard]] std::string text() const { return align(rows_); }

 private:
  void add(std::string id, std::string container, std::string image, std::string created, std::string digest = {}) {
    rows_.push_back({std::move(id), std::move(container), std::move(image), std::move(created)});
    if (options_.wide) rows_.back().push_back(std::move(digest));
  }

  void head(std::string id, const api::Container& container) {
    std::string missing;
    if (container.available.empty())
      missing = container.available_error.empty() ? "image data not available" : container.available_error;
    add(std::move(id), container.name, container.current.id.name(), std::move(missing), container.current.digest);
  }

  void image(std::string_view marker, const ImageInfo& info, const api::Container& container) {
    const auto excluded = container.excluded.find(info.id.tag);
    add("", "", fmt::format("{} {}", marker, info.id.tag),
        excluded == container.excluded.end() ? created_text(info.created_at) : excluded->second, info.digest);
  }

  void images(const api::Container& container) {
    const auto& current = container.current.id;
    bool found = false;
    std::int64_t position = 0;
    for (const auto& info : container.available) {
      const bool is_current = info.id.tag == current.tag;
      const bool shown = options_.limit <= 0 || position < options_.limit;
      if (shown) {
        found = found || is_current;
        image(is_current ? kCurrent : found ? kAfter : kBefore, info, container);
      } else if (info.id == current) {
        // The one that runs is shown wherever it stands.
        if (const auto omitted = position - options_.limit; omitted > 0)
          add("", "", fmt::format(": ({} image(s) omitted)", omitted), "");
        if (!found) image(kCurrent, info, container);
        found = true;
        break;
      }
      ++position;
    }
    if (!found) add("", "", fmt::format("{} {}", kCurrent, current.tag.empty() ? "(untagged)" : current.tag), "?");
  }

  const ImageTableOptions& options_;
  std::vector<Row> rows_;
};

}  // namespace

std::string image_table(const std::vector<api::ImageStatus>& workloads, const ImageTableOptions& options) {
  ImageRows rows(options);
  for (const auto& workload : workloads) rows.workload(workload);
  return rows.text();
}

}  // namespace flux::cli
