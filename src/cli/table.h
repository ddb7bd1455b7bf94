#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace flux::cli {

/// Lays text out in columns (compat/fluxctl.md 1.9). A cell is text that ends with a TAB; what follows the last TAB of
/// a line is free. A column is a run of adjacent lines that have a cell at that index, as wide as its longest cell
/// plus two; characters count, not bytes. Lines that end with an empty field end with spaces.
[[nodiscard]] std::string align(std::string_view text);

/// The same for rows of fields; the last field of a row is its free text.
[[nodiscard]] std::string align(const std::vector<std::vector<std::string>>& rows);

/// How many characters the text has; bytes that continue one do not count.
[[nodiscard]] std::size_t characters(std::string_view text);

}  // namespace flux::cli
