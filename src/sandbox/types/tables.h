#pragma once

#include <string_view>

namespace flux::sandbox {

/// Facts about the built-in kinds, written by generate.py. Notation of the kinds: kinds.h; of the types: schema.h.
extern const std::string_view kinds_table;
extern const std::string_view core_types;
extern const std::string_view workload_types;
extern const std::string_view other_types;

}  // namespace flux::sandbox
