#pragma once

#include <optional>

#include "base/timestamp.h"
#include "model/json.h"

/// Times of the API that Flux v1 does not have: RFC 3339, or null for what is not known.
namespace flux::api {

[[nodiscard]] Json moment_to_json(const std::optional<Timestamp>& time);
[[nodiscard]] Result<std::optional<Timestamp>> moment_from_json(const Json& json);

}  // namespace flux::api
