#pragma once

#include <string>
#include <string_view>

namespace flux::cli {

/// The manual page of fluxctl as roff, out of the tables that its help comes from.
[[nodiscard]] std::string manual_page(std::string_view version);

}  // namespace flux::cli
