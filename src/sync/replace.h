#pragma once

#include <span>
#include <string>
#include <vector>

#include "cluster/client.h"
#include "cluster/discovery.h"
#include "model/manifest.h"
#include "sync/own_parts.h"

/// Deleting an object in order to create it again: the only way to change a field that is immutable. Only where its
/// manifest asks for it, when the API server has refused the change for that very reason, and never where data or this
/// daemon would go with it. Whatever happens in between, an object that is in git and not in the cluster is created at
/// the next sync.
namespace flux::sync {

/// The policy by which a manifest asks for it: `fluxcd.io/force: "true"`.
inline constexpr std::string_view kForce = "force";
[[nodiscard]] bool asks_for_replacement(const Manifest& manifest);

/// Why this is not done to `object` (JSON, as the API server has it), whatever its manifest says; empty when it may be.
/// Namespaces, volumes, claims and definitions are never deleted, because of what goes with them; nor is a StatefulSet
/// that takes its claims with it, what somebody asked to leave alone, or a part of this daemon.
[[nodiscard]] std::string why_not_replaced(const cluster::Resource& resource, std::string_view object,
                                           const OwnParts& own);

/// The refusal of an apply for immutable fields, with what to do about it.
[[nodiscard]] Error explain_immutable(Error refusal, const Manifest& manifest);

/// An object to delete, whose manifest asks for it.
struct Replacement {
  cluster::Client::Target target;
  Error refusal;       ///< of the apply
  std::string source;  ///< where git has it, for the log
};

/// Deletes them, with the uid of what was looked at as precondition and in the background, and waits until they are
/// gone: for `patience` altogether, because finalizers may take for ever. One result for each, in their order: nothing
/// when it is gone, else why it is still there, or why it is not deleted. Logs each deletion before it is done.
[[nodiscard]] std::vector<Result<void>> delete_to_create_again(const Bounded& ctx, cluster::Client& client,
                                                               const cluster::Catalog& catalog, const OwnPod& pod,
                                                               std::span<const Replacement> replacements,
                                                               Duration patience);

}  // namespace flux::sync
