#pragma once

#include <string>
#include <string_view>

namespace flux {

/// Compact JSON as the body of a server-side apply (`application/apply-patch+yaml`), which API servers read as
/// YAML 1.1: with the same meaning there. Characters that YAML takes for line breaks or does not allow as they are
/// (U+007F to U+009F, U+2028, U+2029, U+FEFF, U+FFFE, U+FFFF) become `\uXXXX`. All others stay: YAML knows no surrogate
/// pairs. Keys that are too long for YAML (1,024 characters) get its mark `? `; only then is the result no longer JSON.
/// Measured against go-yaml v2, which API servers use.
[[nodiscard]] std::string json_for_yaml(std::string_view json);

}  // namespace flux
