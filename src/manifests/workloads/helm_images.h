#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_fwd.h"
#include "manifests/workloads/container.h"

namespace flux::manifests {

/// The container that stands for an image at the top of the values.
inline constexpr std::string_view kChartImage = "chart-image";

/// The images that a HelmRelease's `spec.values` names (compat/manifests-and-releases.md 4.1 and 4.2). `values` is
/// JSON; anything but an object has none.
///
/// Looked at are the values themselves and each mapping directly below: `image` as text or as a mapping with
/// `repository`, with `registry` and `tag` beside it where those are text. The annotations `repository.fluxcd.io/NAME`,
/// `registry.fluxcd.io/NAME` and `tag.fluxcd.io/NAME` name further places by their paths; what they find goes before
/// what the shapes find, under the same name or at the same place. An image that does not parse is none.
///
/// `chart-image` comes first, the others by name.
[[nodiscard]] std::vector<Container> helm_images(std::string_view values,
                                                 const std::map<std::string, std::string>& annotations);

/// The same of values that are parsed already.
[[nodiscard]] std::vector<Container> images_in_values(const SortedJson& values,
                                                      const std::map<std::string, std::string>& annotations);

}  // namespace flux::manifests
