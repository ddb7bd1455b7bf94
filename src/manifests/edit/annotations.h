#pragma once

#include <map>
#include <string>

#include "yaml/document.h"

namespace flux::manifests {

/// An object's annotations, each scalar as its text; collections, which are none, left out.
[[nodiscard]] std::map<std::string, std::string> annotations_in(yaml::Node object);

}  // namespace flux::manifests
