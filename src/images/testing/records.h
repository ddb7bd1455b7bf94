#pragma once

#include <cstddef>
#include <string>

#include "images/record.h"

namespace flux::images {

/// For tests: a record with `tags` tags of all that a record may hold.
[[nodiscard]] Record made_up_record(const std::string& name, std::size_t tags);

/// For tests: whether nothing at all differs.
[[nodiscard]] bool same_record(const Record& a, const Record& b);

}  // namespace flux::images
