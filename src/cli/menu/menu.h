#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/menu/keys.h"
#include "model/update_result.h"

namespace flux::cli {

/// Of a terminal, in characters; 0: not known, and taken for endless.
struct TerminalSize {
  std::size_t rows = 0;
  std::size_t columns = 0;
  friend bool operator==(const TerminalSize&, const TerminalSize&) = default;
};

/// The updates of which a release, by containers.
using ChosenUpdates = std::map<ResourceId, std::vector<ContainerUpdate>>;

/// The menu of `release --interactive` (compat/fluxctl.md 4): the result table with a box before each update, all
/// checked at first, and a cursor that stands on one of them. Values only; one thread.
class Menu {
 public:
  explicit Menu(const UpdateResult& rows);

  [[nodiscard]] bool has_choices() const { return cursor_.has_value(); }
  [[nodiscard]] ChosenUpdates chosen() const;
  /// Moves the cursor, round the ends, or toggles the update under it. Other keys are not the menu's.
  void press(Key key);

  /// What to write, ending in a new line. Of a menu that is too long for the terminal the part around the cursor.
  [[nodiscard]] std::string draw(TerminalSize size) const;

 private:
  struct Row {
    ResourceId workload;
    std::optional<ContainerUpdate> update;  ///< nothing: not to be chosen
    std::string text;
    bool checked = false;
  };

  [[nodiscard]] std::string line(std::size_t row) const;

  std::vector<Row> rows_;
  std::optional<std::size_t> cursor_;
  std::string heading_;
};

/// How many rows of the screen lines take that are wrapped at `columns`.
[[nodiscard]] std::size_t screen_rows(std::string_view lines, std::size_t columns);

}  // namespace flux::cli
