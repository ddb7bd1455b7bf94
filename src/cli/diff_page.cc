#include "cli/diff_page.h"

#include <fmt/format.h>

namespace flux::cli {
namespace {

std::string headline(const api::DiffEntry& entry) {
  auto text = fmt::format("{} {}", api::to_string(entry.action), entry.id);
  if (!entry.source.empty()) text += fmt::format(" ({})", entry.source);
  if (!entry.reason.empty()) text += fmt::format(": {}", entry.reason);
  return text;
}

std::string painted_line(std::string_view line, const Paint& paint) {
  if (line.starts_with("@@")) return paint(Colour::cyan, line);
  if (line.starts_with('+')) return paint(Colour::green, line);
  if (line.starts_with('-')) return paint(Colour::red, line);
  return std::string(line);
}

}  // namespace

std::string diff_page(const api::SyncDiff& diff, const Paint& paint) {
  std::string page;
  for (const auto& entry : diff.changes) {
    // As a comment, so that the page as a whole is a patch.
    page += fmt::format("# {}\n", headline(entry));
    for (std::string_view rest = entry.diff; !rest.empty();) {
      const auto end = std::min(rest.find('\n'), rest.size());
      page += painted_line(rest.substr(0, end), paint) + "\n";
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return page;
}

}  // namespace flux::cli
