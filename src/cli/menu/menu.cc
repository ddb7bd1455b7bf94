#include "cli/menu/menu.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "cli/result_table.h"
#include "cli/table.h"

namespace flux::cli {
namespace {

constexpr std::string_view kHelp = "Use arrow keys and [Space] to toggle updates; hit [Enter] to release selected.\n";

/// Texts of the daemon must not move the cursor.
std::string without_controls(std::string text) {
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, ' ');
  return text;
}

std::string hidden(std::size_t above, std::size_t below) {
  return fmt::format("    {} more above, {} below\n", above, below);
}

struct Window {
  std::size_t begin;
  std::size_t end;
};

/// As many rows as there is room for, with the cursor in their middle.
Window around(std::size_t cursor, const std::vector<std::size_t>& heights, std::size_t room) {
  Window window{cursor, cursor + 1};
  auto used = heights[cursor];
  const auto take = [&](std::size_t row) {
    if (used + heights[row] > room) return false;
    used += heights[row];
    return true;
  };
  for (bool grown = true; grown;) {
    grown = false;
    if (window.end < heights.size() && take(window.end)) grown = ++window.end != 0;
    if (window.begin > 0 && take(window.begin - 1)) grown = window.begin-- != 0;
  }
  return window;
}

}  // namespace

Menu::Menu(const UpdateResult& rows) {
  std::vector<std::vector<std::string>> cells{result_heading()};
  for (auto& row : result_rows(rows)) {
    for (auto& cell : row.cells) cell = without_controls(std::move(cell));
    cells.push_back(std::move(row.cells));
    rows_.push_back({row.workload, std::move(row.update), {}, true});
    if (!cursor_ && rows_.back().update) cursor_ = rows_.size() - 1;
  }
  const auto table = align(cells);
  std::string_view rest = table;
  const auto next_line = [&] {
    const auto text = rest.substr(0, rest.find('\n') + 1);
    rest.remove_prefix(text.size());
    return std::string(text);
  };
  heading_ = "    " + next_line();
  for (auto& row : rows_) row.text = next_line();
}

ChosenUpdates Menu::chosen() const {
  ChosenUpdates chosen;
  for (const auto& row : rows_)
    if (row.update && row.checked) chosen[row.workload].push_back(*row.update);
  return chosen;
}

void Menu::press(Key key) {
  if (!cursor_) return;
  if (key == Key::toggle) rows_[*cursor_].checked = !rows_[*cursor_].checked;
  if (key != Key::up && key != Key::down) return;
  const auto step = key == Key::down ? 1 : rows_.size() - 1;
  do *cursor_ = (*cursor_ + step) % rows_.size();
  while (!rows_[*cursor_].update);
}

std::string Menu::line(std::size_t row) const {
  const auto* box = !rows_[row].update ? " " : rows_[row].checked ? "◉" : "◯";
  return fmt::format("{} {} {}", cursor_ == row ? "⇒" : " ", box, rows_[row].text);
}

std::string Menu::draw(TerminalSize size) const {
  std::vector<std::string> lines;
  std::vector<std::size_t> heights;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    lines.push_back(line(row));
    heights.push_back(screen_rows(lines.back(), size.columns));
  }
  // And the row below, where the terminal's own cursor stands.
  const auto taken = screen_rows(heading_, size.columns) +
                     screen_rows(hidden(lines.size(), lines.size()), size.columns) + screen_rows(kHelp, size.columns) +
                     1;
  const auto room = size.rows == 0 ? std::numeric_limits<std::size_t>::max() : size.rows - std::min(size.rows, taken);
  const auto window = cursor_ ? around(*cursor_, heights, room) : Window{0, lines.size()};
  auto text = heading_;
  for (auto row = window.begin; row < window.end; ++row) text += lines[row];
  const auto below = lines.size() - window.end;
  text += window.begin + below == 0 ? "\n" : hidden(window.begin, below);
  return text.append(kHelp);
}

std::size_t screen_rows(std::string_view lines, std::size_t columns) {
  std::size_t rows = 0;
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    const auto width = std::max<std::size_t>(characters(line), 1);
    rows += columns == 0 ? 1 : (width + columns - 1) / columns;
  }
  return rows;
}

}  // namespace flux::cli
