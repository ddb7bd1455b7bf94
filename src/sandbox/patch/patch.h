#pragma once

#include <string_view>

#include "sandbox/status.h"

namespace flux::sandbox {

/// RFC 6902.
[[nodiscard]] Answer<Json> json_patched(const Json& object, const Json& patch);

/// RFC 7386.
[[nodiscard]] Json merge_patched(Json object, const Json& patch);

/// Kubernetes' strategic merge patch: lists with a merge key are matched by it, `$patch: delete|replace`,
/// `$deleteFromPrimitiveList/`, `$setElementOrder/` and `$retainKeys` are honoured. Refuses with 400 what makes no
/// sense.
[[nodiscard]] Answer<Json> strategic_patched(const Json& object, const Json& patch, const Type& type);

}  // namespace flux::sandbox
