#include "cli/result_table.h"

#include <fmt/format.h>

#include "cli/table.h"

namespace flux::cli {
namespace {

// What was asked for by name fits in; of `--all` the rest is counted.
constexpr std::size_t kUnchangedRows = 10;

bool is_visible(WorkloadStatus status, std::int64_t verbosity) {
  if (status == WorkloadStatus::ignored) return verbosity >= 2;
  return status != WorkloadStatus::skipped || verbosity >= 1;
}

std::string counts_by_kind(const UpdateResult& rows) {
  std::map<std::string, int> kinds;
  for (const auto& [id, row] : rows)
    ++kinds[row.error.empty() ? std::string(to_string(row.status))
                              : fmt::format("{} ({})", to_string(row.status), row.error)];
  std::vector<std::string> parts;
  for (const auto& [kind, count] : kinds) parts.push_back(fmt::format("{} {}", count, kind));
  return fmt::format("{}", fmt::join(parts, ", "));
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
  UpdateResult hidden;
  for (const auto& [id, row] : result)
    if (!is_visible(row.status, verbosity)) hidden.emplace(id, row);
  return counts_by_kind(hidden);
}

std::string unchanged_rows(const UpdateResult& result) {
  UpdateResult named;
  UpdateResult counted;
  for (const auto& [id, row] : result) {
    if (row.status == WorkloadStatus::success) continue;
    const bool fits = row.status != WorkloadStatus::ignored && named.size() < kUnchangedRows;
    (fits ? named : counted).emplace(id, row);
  }
  auto text = result_table(named, false);
  if (!counted.empty()) text += fmt::format("Not named: {}.\n", counts_by_kind(counted));
  return text;
}

}  // namespace flux::cli
