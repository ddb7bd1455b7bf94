#include "cli/table.h"

#include <fmt/format.h>

#include <algorithm>

namespace flux::cli {
namespace {

constexpr std::size_t kPadding = 2;

using Row = std::vector<std::string>;

Row split(std::string_view text, char separator) {
  Row parts;
  for (std::size_t at = 0;;) {
    const auto end = text.find(separator, at);
    parts.emplace_back(text.substr(at, end - at));
    if (end == std::string_view::npos) return parts;
    at = end + 1;
  }
}

bool has_cell(const Row& row, std::size_t column) { return column + 1 < row.size(); }

/// Pads the cells of each run of rows that have one in this column.
void pad_column(std::vector<Row>& rows, std::size_t column) {
  for (std::size_t begin = 0; begin < rows.size();) {
    if (!has_cell(rows[begin], column)) {
      ++begin;
      continue;
    }
    auto end = begin;
    std::size_t width = 0;
    for (; end < rows.size() && has_cell(rows[end], column); ++end)
      width = std::max(width, characters(rows[end][column]));
    for (; begin < end; ++begin) rows[begin][column].append(width + kPadding - characters(rows[begin][column]), ' ');
  }
}

}  // namespace

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string align(const std::vector<Row>& rows) {
  auto padded = rows;
  std::size_t columns = 0;
  for (const auto& row : rows) columns = std::max(columns, row.size());
  for (std::size_t column = 0; column < columns; ++column) pad_column(padded, column);
  std::string out;
  for (const auto& row : padded) out += fmt::format("{}\n", fmt::join(row, ""));
  return out;
}

std::string align(std::string_view text) {
  std::vector<Row> rows;
  if (text.ends_with('\n')) text.remove_suffix(1);
  for (const auto& line : split(text, '\n')) rows.push_back(split(line, '\t'));
  return align(rows);
}

}  // namespace flux::cli
