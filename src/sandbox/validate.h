#pragma once

#include "sandbox/kinds.h"
#include "sandbox/status.h"

namespace flux::sandbox {

/// The checks of a real server that protect against typical mistakes: names, selectors, immutable fields.
[[nodiscard]] Answer<void> validate(const Kind& kind, const Json* live, const Json& body);

}  // namespace flux::sandbox
