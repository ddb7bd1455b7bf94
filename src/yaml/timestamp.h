#pragma once

#include <string_view>

namespace flux::yaml {

/// One of the date forms that go-yaml v2.4.0 recognises: `2006-1-2`, `2006-1-2 15:4:5.9`, `2006-1-2T15:4:5.9Z`, and the
/// like. Pure.
[[nodiscard]] bool is_timestamp(std::string_view text);

}  // namespace flux::yaml
