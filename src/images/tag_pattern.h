#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "images/order.h"
#include "model/image_info.h"

namespace flux::images {

/// Which tags of an image a workload takes, and which of them is newest: `glob:`, `semver:`, `regexp:` (also `regex:`)
/// or, without a prefix, a glob (compat/manifests-and-releases.md 7). A value, cheap to copy; any thread.
class TagPattern {
 public:
  /// Never fails: what does not parse, or is longer than 4 KiB, matches nothing, and problem() says why. (Flux v1 lets
  /// everything pass then.) A regular expression takes 1 MiB at most, whatever it says.
  explicit TagPattern(std::string_view text = "glob:*");

  [[nodiscard]] std::string to_string() const;  ///< canonical: with its prefix, `regex:` as `regexp:`
  /// Why it is invalid, as a user would read it; empty when it is valid.
  [[nodiscard]] const std::string& problem() const;
  /// Whether order is by creation time, so that it cannot decide without metadata.
  [[nodiscard]] bool needs_created() const { return order() == Order::created; }
  [[nodiscard]] Order order() const;
  /// Whether the tag is `latest` in any case, which only the glob `latest` itself matches.
  [[nodiscard]] bool shuns(std::string_view tag) const;
  /// Nothing that it shuns.
  [[nodiscard]] bool matches(std::string_view tag) const;
  /// Whether `a` comes before `b`, newest first. To sort many, make a Place of each.
  [[nodiscard]] bool newer(const ImageInfo& a, const ImageInfo& b) const;
  [[nodiscard]] Place place(const ImageInfo& image) const;

 private:
  struct Parsed;
  std::shared_ptr<const Parsed> parsed_;
};

}  // namespace flux::images
