#pragma once

#include <map>
#include <optional>
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

/// The keys that lead from the values to a scalar.
using ValuePath = std::vector<std::string>;

/// An image of a release with the places where its parts are written.
struct ReleaseImage {
  Container container;
  ValuePath repository;
  std::optional<ValuePath> registry;  ///< of a text; nothing else takes part
  std::optional<ValuePath> tag;       ///< of a text, or of another scalar that takes the place of one (`tag: 1.10`)
  bool is_mapped = false;             ///< annotations say where it is
};

/// That of the name; nothing where images_in_values() has none of it.
[[nodiscard]] std::optional<ReleaseImage> find_release_image(const SortedJson& values,
                                                             const std::map<std::string, std::string>& annotations,
                                                             const std::string& name);

/// What a path leads to; null where there is nothing.
[[nodiscard]] const SortedJson& value_at(const SortedJson& values, const ValuePath& path);
/// A path as annotations write it: keys joined with dots.
[[nodiscard]] ValuePath value_path(std::string_view dotted);

}  // namespace flux::manifests
