#pragma once

#include "sandbox/status.h"

namespace flux::sandbox {

/// Kubernetes' strategic merge patch: lists with a merge key are matched by it, `$patch: delete|replace`,
/// `$deleteFromPrimitiveList/`, `$setElementOrder/` and `$retainKeys` are honoured. Refuses with 400 what makes no
/// sense.
[[nodiscard]] Answer<Json> strategic_patched(const Json& object, const Json& patch, const Type& type);

}  // namespace flux::sandbox
