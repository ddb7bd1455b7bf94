#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "images/semver.h"

namespace flux::images {

/// Which versions a `semver:` filter takes: `~1.4`, `>=1.2 <2`, `1.x || 2.0.0 - 2.5.0`, in the dialect of
/// Masterminds/semver 3.1.1 (compat/manifests-and-releases.md 7.3). Two defects of the library are not kept: `^0.0.3`
/// is exactly 0.0.3, and `^*` is any version. A value; any thread.
class VersionConstraint {
 public:
  /// User error that says in plain words what is wrong.
  static Result<VersionConstraint> parse(std::string_view text);

  /// A pre-release only where the constraint names one itself.
  [[nodiscard]] bool allows(const Version& version) const;

  /// One comparison. What is left out or a wildcard is a gap, and 0 in `version`.
  struct Term {
    enum class Op { equal, not_equal, greater, less, greater_equal, less_equal, tilde, caret };
    enum class Gap { none, patch, minor, all };  ///< `1.2.3`, `1.2`, `1`, `*`
    Op op = Op::equal;
    Gap gap = Gap::none;
    Version version;
  };

 private:
  std::vector<std::vector<Term>> alternatives_;  ///< one of them has to hold in all of its terms
};

}  // namespace flux::images
