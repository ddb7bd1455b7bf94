#pragma once

#include <map>
#include <string>
#include <string_view>

namespace flux {

/// Policy name to value, as written in annotations: `automated`, `locked`, `ignore`, `tag.<container>` and others.
using Policies = std::map<std::string, std::string>;

/// The policies among an object's annotations. Where one is written under several prefixes, `fluxcd.io/` wins over
/// `flux.weave.works/`, and both over `filter.fluxcd.io/` (compat/manifests-and-releases.md 5.1).
[[nodiscard]] Policies policies_of(const std::map<std::string, std::string>& annotations);

/// What the `ignore` policy asks for. Any value but the two spelled here means `no`.
enum class Ignore {
  no,
  yes,        ///< `true`: neither applied nor collected
  sync_only,  ///< applied; not collected once it has left git
};
[[nodiscard]] Ignore ignore_of(const Policies& policies);

}  // namespace flux
