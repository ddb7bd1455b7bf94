#pragma once

#include <string_view>

namespace flux {

/// Whole-string match where only `*` is special: any run of characters, `/` included (compat/daemon.md 1.4).
[[nodiscard]] bool glob_match(std::string_view pattern, std::string_view text);

}  // namespace flux
