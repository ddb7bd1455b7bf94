#include "cli/explanation_page.h"

#include <fmt/format.h>

#include <algorithm>

namespace flux::cli {
namespace {

void add_container(std::string& page, const api::ExplainedContainer& container, std::int64_t limit) {
  page += fmt::format("\n{}: {}\n  filter: {}\n", container.name, container.image.to_string(), container.filter);
  if (!container.last_error.empty()) page += fmt::format("  last scan failed: {}\n", container.last_error);
  if (container.scanned)
    page += fmt::format("  scanned: {}\n", format_timestamp(*container.scanned).substr(0, 19) + "Z");
  page += fmt::format("  {}\n", container.summary);

  auto shown = container.tags.size();
  if (limit > 0) shown = std::min(shown, static_cast<std::size_t>(limit));
  std::size_t width = 0;
  for (std::size_t i = 0; i < shown; ++i) width = std::max(width, container.tags[i].tag.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& tag = container.tags[i];
    const auto created = tag.created ? format_timestamp(*tag.created).substr(0, 10) : "";
    page += fmt::format("  {} {:<{}}  {:<10}  {}\n", tag.tag == container.image.tag ? "*" : " ", tag.tag, width,
                        created, tag.reason);
  }
  if (shown < container.tags.size())
    page += fmt::format("    and {} more; --limit=0 shows all\n", container.tags.size() - shown);
}

}  // namespace

std::string explanation_page(const api::Explanation& explanation, std::int64_t limit) {
  auto page = explanation.id.to_string() + "\n";
  for (const auto& note : explanation.notes) page += fmt::format("{}\n", note);
  if (explanation.containers.empty()) page += "It has no containers whose images can be read.\n";
  for (const auto& container : explanation.containers) add_container(page, container, limit);
  return page;
}

}  // namespace flux::cli
