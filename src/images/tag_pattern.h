#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "model/image_info.h"

namespace flux::images {

/// Which tags of an image a workload takes, and which of them is newest: `glob:`, `semver:`, `regexp:` (also `regex:`)
/// or, without a prefix, a glob (compat/manifests-and-releases.md 7). A value, cheap to copy; any thread.
class TagPattern {
 public:
  /// Never fails: what does not parse matches nothing, and problem() says why.
  explicit TagPattern(std::string_view text = "glob:*");

  [[nodiscard]] std::string to_string() const;  ///< canonical: with its prefix, `regex:` as `regexp:`
  /// Why it is invalid, as a user would read it; empty when it is valid.
  [[nodiscard]] const std::string& problem() const;
  /// Whether order is by creation time, so that it cannot decide without metadata.
  [[nodiscard]] bool needs_created() const;
  /// The tag `latest` in any case is matched by exactly the glob `latest` only.
  [[nodiscard]] bool matches(std::string_view tag) const;
  /// Whether `a` comes before `b`, newest first. A strict weak order over all images (7.2).
  [[nodiscard]] bool newer(const ImageInfo& a, const ImageInfo& b) const;

 private:
  struct Kind;
  std::shared_ptr<const Kind> kind_;
};

}  // namespace flux::images
