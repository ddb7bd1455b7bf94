#pragma once

#include <functional>
#include <string>

namespace flux::images {

/// The value of an environment variable; empty when it is not set. Any thread.
using Environment = std::function<std::string(const std::string& name)>;

/// Our own.
[[nodiscard]] Environment process_environment();

}  // namespace flux::images
