#pragma once

#include "images/semver_constraint.h"

namespace flux::images {

/// Whether a version passes one comparison: the table of compat/manifests-and-releases.md 7.3.
[[nodiscard]] bool holds(const VersionConstraint::Term& term, const Version& version);

}  // namespace flux::images
