#pragma once

#include "sandbox/kinds.h"
#include "sandbox/status.h"

namespace flux::sandbox {

/// Checks an object against the schema of its definition: types, required fields, enumerations, bounds.
[[nodiscard]] Answer<void> validate_custom(const Kind& kind, const Json& body);

}  // namespace flux::sandbox
