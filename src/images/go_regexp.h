#pragma once

#include <re2/re2.h>

#include <memory>
#include <string>

#include "base/result.h"

namespace flux::images {

/// A regular expression as Go's package `regexp` reads it, whose dialect is that of RE2 but for details. It takes 1 MiB
/// at most and matches in linear time. Any thread may use it. User error where it does not compile.
[[nodiscard]] Result<std::unique_ptr<const RE2>> compile_go_regexp(const std::string& text);

}  // namespace flux::images
