#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/shared_map.h"
#include "cluster/live_set.h"
#include "model/manifest.h"
#include "model/resource_id.h"

namespace flux::sync {

/// A resource as git wants it, with what the cluster adds to its meaning.
struct Desired {
  Desired(std::shared_ptr<const Manifest> of, std::string effective_ns);
  std::shared_ptr<const Manifest> manifest;
  std::string ns;  ///< effective namespace; empty for cluster-scoped resources
  /// Whether applying them sends the same, for two of the same id.
  friend bool operator==(const Desired& a, const Desired& b) { return a.manifest->checksum == b.manifest->checksum; }
};
using DesiredSet = SharedMap<ResourceId, Desired>;

using cluster::LiveSet;

/// The live object that `desired` describes, of the same API group; nullptr when there is none.
[[nodiscard]] const cluster::Object* find_live(const LiveSet& live, const ResourceId& id, const Desired& desired);

/// The resource that the object of this plain id and API group is; nullptr when git has none.
[[nodiscard]] const Desired* find_desired(const DesiredSet& desired, const ResourceId& id, std::string_view group);

/// What we remember of our last apply of a resource. `content` is what it was right after it; another value later means
/// that somebody changed the object, and only one more apply, which changes nothing where nothing of ours was changed,
/// tells whether it is still as git wants it.
struct Applied {
  std::shared_ptr<const Manifest> manifest;  ///< as it was sent; shared with Desired as long as git has the same
  std::string uid;
  std::uint64_t content = 0;  ///< Object::content()
  bool ended = false;         ///< a Pod that runs once and has: once it is removed it is not missing (controlled.h)

  [[nodiscard]] bool is_of(const Desired& desired) const { return manifest->checksum == desired.manifest->checksum; }
};

using AppliedSet = SharedMap<ResourceId, Applied>;

struct CollectOptions {
  bool enabled = false;
  bool dry_run = false;
  double max_share = 0.5;  ///< of the managed objects that one sync may delete, 0 to 1
};

/// A Job that the cluster removes when it has ended: that it is not there does not mean that it is missing.
[[nodiscard]] bool removes_itself(const Manifest& manifest);

/// Whether a resource is in the namespaces that we are restricted to; `allowed` empty: in all.
[[nodiscard]] bool is_allowed(const std::set<std::string>& allowed, const ResourceId& id);

/// Everything make_plan() knows. It asks nobody else, so the same facts always give the same plan.
struct PlanFacts {
  std::string set_name;                 ///< sync_set_name() of this daemon
  const DesiredSet* desired = nullptr;  ///< all of git whose scope is known
  std::set<ResourceId> unscoped;        ///< in git, scope unknown: every id each could turn out to have
  const LiveSet* live = nullptr;        ///< marked objects, and unmarked ones that git names
  const AppliedSet* applied = nullptr;
  /// The resources that anything may have changed for since the last plan; nullptr: all. What a plan says of them does
  /// not depend on whether the others are looked at.
  const std::set<ResourceId>* only = nullptr;
  std::set<ResourceId> failed;               ///< whose last apply failed
  std::set<ResourceId> resting;              ///< not to be touched now: keep being changed back, or retried later
  std::set<std::string> allowed_namespaces;  ///< empty: all
  std::vector<std::string> incomplete;       ///< sources that could not be read to the end, as users name them
  std::map<ResourceId, Error> unseen{};      ///< that could not be looked at, so that nobody knows who owns them
  CollectOptions collect;
  /// What has come with this revision; nullptr: nothing. The share of a loss is that of what was there before, so that
  /// the decision about it stays the same however far the revision has been applied.
  const std::set<ResourceId>* newcomers = nullptr;
  bool keep_additions = false;  ///< of all resources, not only of those whose manifest says so
};

enum class SkipReason { ignored_in_file, ignored_in_cluster, outside_allowed_namespaces, kept_by_controller };

/// What has to become ours, before an apply, of what a client-side apply holds.
enum class TakeOver {
  nothing,
  fields,  ///< all but its last-applied annotation: the object is as git has it, and not even its annotations change
  everything,  ///< the annotation, too: it no longer says what git has
};

/// The policy by which a manifest keeps what people add to its object with kubectl: `fluxcd.io/keep-additions: "true"`.
inline constexpr std::string_view kKeepAdditions = "keep-additions";

struct Apply {
  ResourceId id;
  TakeOver take_over = TakeOver::nothing;
  std::string reason;
  bool additions = false;  ///< take over what people added with kubectl, too, so that it goes
};
struct Skip {
  ResourceId id;
  SkipReason reason;
};
struct Deletion {
  ResourceId id;
  std::shared_ptr<const cluster::Object> object;  ///< as we know it; anything newer is not what we decided about
  std::string reason;
  /// Where git has the same kind and name now, and had nothing before: a move, which is done only once that is there.
  std::optional<ResourceId> moved_to{};
};
/// A resource of git that cannot be applied.
struct Invalid {
  ResourceId id;
  Error error;
  bool again = false;  ///< it may be better later; false: only another manifest helps
};
/// An object of ours that git no longer mentions and that stays nevertheless.
struct Kept {
  ResourceId id;
  std::string reason;
};

struct Plan {
  std::vector<Apply> applies;  ///< by rank, then id
  std::vector<Skip> skips;
  std::vector<Invalid> invalid;
  std::vector<Deletion> deletions;  ///< by falling rank; carried out only when not a dry run
  std::vector<Kept> kept;
  std::string refused;       ///< why nothing is deleted although something should be; empty otherwise
  std::string refused_rule;  ///< the rule behind it, for metrics: `incomplete`, `empty` or `share`
};

/// The rank of a step of a plan that was made from these facts (order.h).
[[nodiscard]] int rank_of(const PlanFacts& facts, const Apply& apply);
[[nodiscard]] int rank_of(const PlanFacts& facts, const Deletion& deletion);

/// Decides what one sync does.
///
/// Applies a resource when it is not in the cluster, when git or somebody else changed it since our last apply, when
/// its last apply failed, and once after each start. Deletes an object only when it bears our mark for its own id, git
/// does not mention it in any way (also not ignored, unscoped or outside the allowed namespaces), nobody asked to
/// keep it, and all of our knowledge is complete; a large loss is refused as a whole, because a renamed directory looks
/// just like a clean-up. Moves to another namespace are no loss. A Job that the cluster removes once it has ended is
/// not applied again before git changes it, nor is a Pod that is known to have ended; what a controller keeps by design
/// is not applied at all (controlled.h). Rules: compat/daemon.md 5.3 to 5.7 and 9.2.
[[nodiscard]] Plan make_plan(const PlanFacts& facts);

}  // namespace flux::sync
