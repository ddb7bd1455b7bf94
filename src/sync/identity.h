#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/resource_id.h"

namespace flux::sync {

/// The name of one set of resources: who may collect what. `safe_url` is the normalised URL without its password,
/// `paths` are `--git-path` as given, in order (compat/daemon.md 4.6, byte for byte).
[[nodiscard]] std::string sync_set_name(std::string_view safe_url, std::string_view branch,
                                        const std::vector<std::string>& paths);

/// The value of the mark label on the object `id` of that set: a label copied to another object does not match there.
[[nodiscard]] std::string gc_mark(std::string_view set_name, const ResourceId& id);

}  // namespace flux::sync
