#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "manifests/load.h"
#include "model/manifest.h"
#include "model/namesakes.h"
#include "model/resource_id.h"

namespace flux::manifests {

enum class Scope { namespaced, cluster };

/// Knows the kinds that the cluster serves; answered by discovery. Any thread.
class ScopeLookup {
 public:
  virtual ~ScopeLookup() = default;

  /// ErrorKind::missing: the cluster does not know the kind (`resource not found for API <gv>, kind <Kind>`). Any other
  /// error means that it could not be asked, and fails the whole resolve().
  [[nodiscard]] virtual Result<Scope> scope_of(const ApiType& type) const = 0;
};

/// A manifest with the namespace that it belongs in; empty for cluster-scoped kinds, whatever is written.
struct Scoped {
  ManifestPtr manifest;
  std::string ns;
};

/// A manifest left out because nobody knows whether its kind is namespaced, and ErrorKind::missing with the reason. Its
/// id is Manifest::written_id().
struct Unscoped {
  ManifestPtr manifest;
  Error error;
};

/// The namespace that a manifest belongs in, once the scope of its kind is known
/// (compat/manifests-and-releases.md 2.3): none for cluster-scoped kinds, else the written one, else
/// `default_namespace`.
[[nodiscard]] std::string effective_namespace(const Manifest& manifest, Scope scope,
                                              std::string_view default_namespace);

/// What a set of manifests amounts to in a cluster.
struct Resolved {
  std::map<ResourceId, Scoped> resources;  ///< by effective id, with the API group where that alone tells two apart
  Namesakes namesakes;                     ///< those
  std::vector<Unscoped> unscoped;          ///< in order of the manifests; to be protected from collection
};

/// Gives every manifest its effective namespace. Scopes come from `lookup`, then from the
/// CustomResourceDefinitions among the manifests themselves.
///
/// Errors: ErrorKind::user, two manifests for what may be one object, in load()'s words; what `lookup` cannot answer.
[[nodiscard]] Result<Resolved> resolve(std::span<const ManifestPtr> manifests, const ScopeLookup& lookup,
                                       std::string_view default_namespace);

}  // namespace flux::manifests
