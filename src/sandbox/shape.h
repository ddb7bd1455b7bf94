#pragma once

#include <string>
#include <vector>

#include "sandbox/schema.h"

namespace flux::sandbox {

/// Where a value is not of its type, as `.spec.replicas: expected numeric (int or float), got string`.
[[nodiscard]] std::vector<std::string> shape_errors(const Json& value, const Type& type);

}  // namespace flux::sandbox
