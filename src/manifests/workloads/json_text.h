#pragma once

#include <string>

#include "base/json_fwd.h"

namespace flux::manifests {

/// The text of a scalar where text is wanted, as of the YAML that it was made of: `1.1`, `true`, empty for null. Empty
/// for collections.
[[nodiscard]] std::string text_of(const SortedJson& scalar);

/// The member under `key`; a null where there is none, or where `object` is no object.
[[nodiscard]] const SortedJson& member_of(const SortedJson& object, const std::string& key);

}  // namespace flux::manifests
