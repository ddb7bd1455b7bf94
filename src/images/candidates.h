#pragma once

#include <optional>
#include <string>
#include <vector>

#include "images/choose.h"

namespace flux::images {

/// A tag on its way to a verdict, with its place in the filter's order.
struct Candidate {
  Verdict verdict;  ///< Why::nothing: it passes the filter and all that has to be known of it is known
  Place place;
};

/// All tags of the repository, in its order; what rules each of them out by itself is said. The tag without a name that
/// some registries list is left out.
[[nodiscard]] std::vector<Candidate> candidates(const Repository& repository, const TagPattern& pattern);

/// When the image of a tag was created, where that is known.
[[nodiscard]] std::optional<Timestamp> created_of(const Repository& repository, const std::string& tag);

}  // namespace flux::images
