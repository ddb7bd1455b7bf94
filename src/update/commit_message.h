#pragma once

#include <string>

#include "model/update_result.h"
#include "model/update_spec.h"

namespace flux::update {

/// The message of the commit of an update, without what keeps CI away (compat/manifests-and-releases.md 10.8). What its
/// cause says takes the place of ours, and for policies goes before it. Pure.
[[nodiscard]] std::string commit_message(const UpdateSpec& spec, const UpdateResult& result);

}  // namespace flux::update
