#pragma once

#include <string>
#include <vector>

#include "images/repository.h"

namespace flux::images {

/// Puts the time that an image's labels tell in place of its creation time, where `name`, the repository's canonical
/// name, matches one of the globs: --registry-use-labels. The label of the Open Container Initiative goes first
/// (compat/manifests-and-releases.md 6.4). Pure.
void take_times_from_labels(Repository& repository, const std::string& name, const std::vector<std::string>& globs);

}  // namespace flux::images
