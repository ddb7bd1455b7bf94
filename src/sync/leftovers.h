#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/client.h"
#include "model/manifest.h"

/// What a server filled in and a later manifest contradicts. Some types are unions: a discriminator says which of its
/// siblings may be there. A Deployment without a strategy gets `rollingUpdate` from the server; if git then says
/// `Recreate`, every apply is refused, because the default belongs to nobody and stays. An explicit null does not take
/// it away either (tried on Kubernetes 1.36). Fields that are ours and that a manifest does not have do go: so such
/// fields become ours first, by a change of managedFields alone.
///
/// Of the built-in types only these are so; Services, probes, env and DaemonSets are put right by the server or by the
/// merge.
namespace flux::sync {

/// A path as managedFields write it: `f:spec`, `f:strategy`, `f:rollingUpdate`; `k:{"name":"x"}` for an item.
using FieldPath = std::vector<std::string>;

/// The fields that an object must not have beside what the manifest says: `rollingUpdate` of a Deployment or
/// StatefulSet with another strategy, `emptyDir` of a volume with another source.
[[nodiscard]] std::vector<FieldPath> contradicted_fields(const Manifest& manifest);

/// The JSON patch after which those of the `paths` that `object` (JSON) has are ours alone; nothing when it has none.
/// The patch sets the resourceVersion, so the server answers 409 when the object has changed since it was read.
[[nodiscard]] std::optional<std::string> claim_patch(std::string_view object, std::span<const FieldPath> paths);

/// Those of the `paths` that `object` (JSON) has.
[[nodiscard]] std::vector<FieldPath> fields_in(std::string_view object, std::span<const FieldPath> paths);

/// For showing what an apply would do once those fields are ours, which nobody can ask for beforehand: `body` (JSON)
/// without what contradicts them, so that the server accepts it; and what that would give (`result`, JSON), with that
/// part as `body` has it.
[[nodiscard]] std::string set_aside(std::string_view body, std::span<const FieldPath> paths);
[[nodiscard]] std::string put_back(std::string_view result, std::string_view body, std::span<const FieldPath> paths);

/// An object whose apply was refused.
struct Claim {
  cluster::Client::Target target;
  std::vector<FieldPath> paths;
};

/// Makes those fields ours, in objects that have them. True where there were any: the apply is worth another try.
[[nodiscard]] std::vector<bool> claim_fields(const Bounded& ctx, cluster::Client& client,
                                             std::span<const Claim> claims);

}  // namespace flux::sync
