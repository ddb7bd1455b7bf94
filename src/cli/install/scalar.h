#pragma once

#include <string>
#include <string_view>

namespace flux::cli {

/// `text` as a YAML scalar on one line that reads back as this string: plain where that is safe, else double-quoted.
[[nodiscard]] std::string yaml_scalar(std::string_view text);

}  // namespace flux::cli
