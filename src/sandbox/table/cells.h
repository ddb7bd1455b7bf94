#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "sandbox/schema.h"

namespace flux::sandbox {

/// One column of a built-in kind: heading, how to get the cell, and whether only `-o wide` shows it.
struct Cell {
  const char* name;
  Json (*value)(const Json& body);
  bool wide = false;
  const char* type = "string";
};

/// The columns of a kind between its name and its age, or all but the name where `ages` is false.
const std::map<std::string_view, std::vector<Cell>>& builtin_cells();

[[nodiscard]] std::string age_of(const Json& body);

}  // namespace flux::sandbox
