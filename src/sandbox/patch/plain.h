#pragma once

#include "sandbox/status.h"

namespace flux::sandbox {

/// RFC 6902.
[[nodiscard]] Answer<Json> json_patched(const Json& object, const Json& patch);

/// RFC 7386.
[[nodiscard]] Json merge_patched(Json object, const Json& patch);

}  // namespace flux::sandbox
