#pragma once

#include <string>

#include "images/tag_pattern.h"
#include "model/policy.h"

namespace flux::images {

/// The filter that a workload's policies have for one of its containers: the policy `tag.<container>`; without
/// one, every tag (compat/manifests-and-releases.md 5.2 and 7.1).
[[nodiscard]] TagPattern workload_pattern(const Policies& policies, const std::string& container);

}  // namespace flux::images
