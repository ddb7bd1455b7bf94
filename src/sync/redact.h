#pragma once

#include <string>

#include "model/manifest.h"

namespace flux::sync {

/// What the API server says about a manifest, without the values of a Secret: it quotes what it does not like.
[[nodiscard]] std::string redact_values(std::string message, const Manifest& manifest);

}  // namespace flux::sync
