#pragma once

#include <cstdint>
#include <string>

#include "api/wire/explanation.h"

namespace flux::cli {

/// What runs, what should run, and why no other: a block for each container. At most `limit` tags each, 0 for all.
[[nodiscard]] std::string explanation_page(const api::Explanation& explanation, std::int64_t limit);

}  // namespace flux::cli
