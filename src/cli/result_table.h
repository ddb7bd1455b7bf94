#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/update_result.h"

namespace flux::cli {

/// Which rows people get to see: 0 hides `skipped` and `ignored`, 1 shows `skipped`, 2 and more show all
/// (compat/fluxctl.md 2).
[[nodiscard]] UpdateResult visible_rows(const UpdateResult& result, std::int64_t verbosity);

/// A line of the table of results: WORKLOAD, STATUS, UPDATES.
struct ResultRow {
  ResourceId workload;  ///< also where the cell is left empty, below the workload's first line
  std::vector<std::string> cells;
  std::optional<ContainerUpdate> update;  ///< that the line shows
};
[[nodiscard]] std::vector<std::string> result_heading();
[[nodiscard]] std::vector<ResultRow> result_rows(const UpdateResult& rows);

/// What became of each workload (compat/fluxctl.md 2.6): WORKLOAD, STATUS, UPDATES.
[[nodiscard]] std::string result_table(const UpdateResult& rows, bool headers);

/// For humans, when no row was visible: `2 skipped (locked), 1 ignored`; empty when there is nothing to say.
[[nodiscard]] std::string hidden_rows(const UpdateResult& result, std::int64_t verbosity);

/// Why a job that failed left workloads as they were: a row for each that failed or was skipped, as far as a screen has
/// room, and a count of the others. Empty when nothing is known.
[[nodiscard]] std::string unchanged_rows(const UpdateResult& result);

}  // namespace flux::cli
