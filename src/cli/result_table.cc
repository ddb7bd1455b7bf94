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

// The blanks after the names are part of the layout that scripts know.
std::vector<std::string> result_heading() { return {"WORKLOAD ", "STATUS ", "UPDATES"}; }

std::vector<ResultRow> result_rows(const UpdateResult& rows) {
  std::vector<ResultRow> lines;
  for (const auto& [id, row] : rows) {
    const auto first = lines.size();
    if (!row.error.empty() || row.containers.empty()) lines.push_back({id, {"", "", row.error}, std::nullopt});
    for (const auto& update : row.containers)
      lines.push_back(
          {id,
           {"", "", fmt::format("{}: {} -> {}", update.container, update.current.to_string(), update.target.tag)},
           update});
    lines[first].cells[0] = id.to_string();
    lines[first].cells[1] = to_string(row.status);
  }
  return lines;
}

std::string result_table(const UpdateResult& rows, bool headers) {
  std::vector<std::vector<std::string>> lines;
  if (headers) lines.push_back(result_heading());
  for (auto& row : result_rows(rows)) lines.push_back(std::move(row.cells));
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
