#include "sandbox/table/table.h"

#include <chrono>

#include "base/json.h"
#include "base/timestamp.h"
#include "sandbox/table/cells.h"
#include "sandbox/table/json_path.h"

namespace flux::sandbox {

namespace {

const std::vector<Cell>& cells_of(const Kind& kind) {
  static const std::vector<Cell> age_only = {{"Age", [](auto& body) -> Json { return age_of(body); }}};
  const auto found = builtin_cells().find(kind.kind);
  return kind.custom || found == builtin_cells().end() ? age_only : found->second;
}

Json column(const std::string& name, const std::string& type, const std::string& format, const std::string& description,
            int priority) {
  return {{"name", name}, {"type", type}, {"format", format}, {"description", description}, {"priority", priority}};
}

Json custom_cell(const Kind::Column& column, const Json& body) {
  auto value = json_path(body, column.path);
  if (value.is_null()) return column.type == "string" ? Json("") : Json();
  if (column.type == "date" && value.is_string()) return age_text(seconds_since(value));
  if (column.type == "string" && !value.is_string()) return dump_json(value);
  return value;
}

}  // namespace

std::string age_text(long seconds) {
  if (seconds < 0) return "0s";
  const auto part = [](long number, const char* unit) { return std::to_string(number) + unit; };
  const auto two = [&](long large, const char* unit, long small, const char* small_unit) {
    return part(large, unit) + (small == 0 ? "" : part(small, small_unit));
  };
  const auto minutes = seconds / 60, hours = seconds / 3600, days = hours / 24;
  if (seconds < 120) return part(seconds, "s");
  if (minutes < 10) return two(minutes, "m", seconds % 60, "s");
  if (hours < 3) return part(minutes, "m");
  if (hours < 8) return two(hours, "h", minutes % 60, "m");
  if (hours < 48) return part(hours, "h");
  if (days < 8) return two(days, "d", hours % 24, "h");
  return days < 730 ? part(days, "d") : two(days / 365, "y", days % 365, "d");
}

long seconds_since(const std::string& time) {
  const auto then = parse_timestamp(time);
  if (!then) return -1;
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now() - *then).count();
}

Json table_columns(const Kind& kind) {
  auto out =
      Json::array({column("Name", "string", "name", "Name of the object, unique among its kind in its namespace.", 0)});
  if (kind.custom && !kind.columns.empty()) {
    for (const auto& own : kind.columns)
      out.push_back(column(own.name, own.type, own.format, own.description, own.priority));
    return out;
  }
  for (const auto& cell : cells_of(kind)) out.push_back(column(cell.name, cell.type, "", cell.name, cell.wide ? 1 : 0));
  return out;
}

Json table_cells(const Kind& kind, const Json& body) {
  auto out = Json::array({body.at("metadata").value("name", "")});
  if (kind.custom && !kind.columns.empty()) {
    for (const auto& own : kind.columns) out.push_back(custom_cell(own, body));
    return out;
  }
  for (const auto& cell : cells_of(kind)) out.push_back(cell.value(body));
  return out;
}

}  // namespace flux::sandbox
