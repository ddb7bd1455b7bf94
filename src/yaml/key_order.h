#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "yaml/document.h"

namespace flux::yaml {

/// Key cell and value cell of one entry of a mapping.
using EntryCells = std::pair<std::uint32_t, std::uint32_t>;

/// Finds the cell that a key cell stands for; the index is that of EntryCells.
using CellOfKey = std::function<const Cell&(std::uint32_t)>;

/// Whether key `a` comes before `b` in go-yaml's natural order: numbers and booleans by value, null, then strings with
/// digits compared as numbers and letters after everything else. Not transitive for some strings (`a1b`, `a2`, `a12`).
[[nodiscard]] bool natural_less(const Cell& a, const Cell& b);

/// Drops all but the last of equal keys, then sorts in natural order; the result does not depend on the order given.
void order_entries(std::vector<EntryCells>& entries, const CellOfKey& key);

}  // namespace flux::yaml
