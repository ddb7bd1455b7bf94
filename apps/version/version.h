#pragma once

namespace flux {

/// What the programs call themselves: `2.0.0` in a release, `2.0.0-dev+3f2a9c1` in between (cmake/write_version.cmake).
[[nodiscard]] const char* version();

}  // namespace flux
