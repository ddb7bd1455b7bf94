#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sandbox/schema.h"

namespace flux::sandbox {

/// Brings an object into the form in which the server keeps it: drops nulls and what equals absence, adds the
/// structures that are always there, writes quantities canonically. Names of fields that were not declared are appended
/// to `unknown` as paths, the fields dropped.
void normalise(Json& value, const Type& type, const std::string& path, std::vector<std::string>& unknown);

/// `1000m` -> `1`, `0.5` -> `500m`, `1024Mi` -> `1Gi`. What is not a quantity is left alone.
[[nodiscard]] std::string canonical_quantity(std::string_view text);

}  // namespace flux::sandbox
