#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json_fwd.h"
#include "base/result.h"
#include "manifests/workloads/helm_images.h"
#include "model/image_ref.h"

namespace flux::manifests {

/// A text to be written at a place of the values.
struct ValueChange {
  ValuePath path;
  std::string text;
};

/// What to write into the values of a HelmRelease so that the image of that name is `target`
/// (compat/manifests-and-releases.md 4.3): the field that holds the tag alone where the name stays, and no `registry`
/// without one. Reading gives `target` again.
///
/// User errors that say which annotation or value stands in the way: there is no such image, the fields cannot hold
/// this one, or it is not clear where its tag belongs.
[[nodiscard]] Result<std::vector<ValueChange>> release_changes(const SortedJson& values,
                                                               const std::map<std::string, std::string>& annotations,
                                                               const std::string& name, const ImageRef& target);

}  // namespace flux::manifests
