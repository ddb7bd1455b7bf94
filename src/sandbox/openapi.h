#pragma once

#include <optional>
#include <string>

#include "sandbox/discovery.h"
#include "sandbox/kinds.h"

namespace flux::sandbox {

/// `/openapi/v2` (JSON or protobuf by `accept`), `/openapi/v3` and its pages: just enough for kubectl to know that the
/// server checks fields itself.
[[nodiscard]] std::optional<Document> openapi(const Kinds& kinds, const std::string& path, const std::string& accept);

}  // namespace flux::sandbox
