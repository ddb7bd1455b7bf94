#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/json.h"

namespace flux {

/// `[domain/]path[:tag][@sha256:digest]`, the parts as written; nothing is filled in or checked beyond the form
/// (compat/api.md 4.3, manifests-and-releases.md 6). Default-made, it is the zero ref: no image.
struct ImageRef {
  std::string domain;
  std::string path;  ///< never empty, except in the zero ref and in `:tag` (compat/api.md 5.2)
  std::string tag;
  std::string digest;  ///< hexadecimal, without `sha256:`

  /// User error ending in `invalid image ID`. Two elements have a domain when the first contains `localhost`, a dotted
  /// name or a port; three and more always do. The port is ours: Flux v1 mangles `registry:5000/app`.
  static Result<ImageRef> parse(std::string_view text);

  [[nodiscard]] bool empty() const { return domain.empty() && path.empty() && tag.empty() && digest.empty(); }
  /// Without tag and digest.
  [[nodiscard]] std::string name() const;
  /// A digest hides the tag (compat/api.md 4.3).
  [[nodiscard]] std::string to_string() const;
  /// For comparison: Docker Hub spelled out, digest dropped. `cart:2` is `index.docker.io/library/cart:2`.
  [[nodiscard]] ImageRef canonical() const;
  /// Keeps the digest, too.
  [[nodiscard]] ImageRef with_tag(std::string_view other) const;

  friend auto operator<=>(const ImageRef&, const ImageRef&) = default;
};

[[nodiscard]] Json to_json(const ImageRef& ref);
/// Text that parse() takes.
[[nodiscard]] Result<ImageRef> image_ref_from_json(const Json& json);
/// Also takes null and empty text, as the zero ref: Flux v1 writes `""` for "no image" (compat/api.md 11, row 13).
[[nodiscard]] Result<ImageRef> image_ref_or_none(const Json& json);

}  // namespace flux
