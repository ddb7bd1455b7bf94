#include "cli/result_table.h"

#include <fmt/format.h>

#include "cli/table.h"

namespace flux::cli {
namespace {

bool is_visible(WorkloadStatus status, std::int64_t verbosity) {
  if (status == WorkloadStatus::ignored) return verbosity >= 2;
  return status != WorkloadStatus::skipped || verbosity >= 1;
}

}  // namespace

UpdateResult visible_rows(const UpdateResult& result, std::int64_t verbosity) {
  UpdateResult rows;
  for (const auto& [id, row] : result)
    if (is_visible(row.status, verbosity)) rows.emplace(id, row);
  return rows;
}

std::string result_table(const UpdateResult& rows, bool headers) {
  std::vector<std::vector<std::string>> lines;
  // The blanks after the names are part of the layout that scripts know.
  if (headers) lines.push_back({"WORKLOAD ", "STATUS ", "UPDATES"});
  for (const auto& [id, row] : rows) {
    std::vector<std::string> updates;
    if (!row.error.empty()) updates.push_back(row.error);
    for (const auto& update : row.containers)
      updates.push_back(fmt::format("{}: {} -> {}", update.container, update.current.to_string(), update.target.tag));
    if (updates.empty()) updates.emplace_back();
    lines.push_back({id.to_string(), std::string(to_string(row.status)), updates.front()});
    for (std::size_t i = 1; i < updates.size(); ++i) lines.push_back({"", "", updates[i]});
  }
  return align(lines);
}

std::string hidden_rows(const UpdateResult& result, std::int64_t verbosity) {
  std::map<std::string, int> counts;
  for (const auto& [id, row] : result)
    if (!is_visible(row.status, verbosity))
      ++counts[row.error.empty() ? std::string(to_string(row.status))
                                 : fmt::format("{} ({})", to_string(row.status), row.error)];
  std::vector<std::string> parts;
  for (const auto& [what, count] : counts) parts.push_back(fmt::format("{} {}", count, what));
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace flux::cli
