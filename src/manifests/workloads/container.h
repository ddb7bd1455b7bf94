#pragma once

#include <string>

#include "model/image_ref.h"

namespace flux::manifests {

/// One container of a workload, or a place for an image in the values of a Helm release, which goes by a container's
/// name.
struct Container {
  std::string name;
  std::string text;  ///< the image as written; put together where a release has its parts in several places
  ImageRef image;    ///< of `text`; the zero ref when it does not parse
  friend bool operator==(const Container&, const Container&) = default;
};

}  // namespace flux::manifests
