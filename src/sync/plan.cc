#include "sync/plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "model/namesakes.h"
#include "model/object_name.h"
#include "sync/controlled.h"
#include "sync/identity.h"
#include "sync/order.h"

namespace flux::sync {
namespace {

bool allowed(const PlanFacts& facts, const ResourceId& id) { return is_allowed(facts.allowed_namespaces, id); }

/// What keeps a resource from ever being asked for, as users can mend it.
std::optional<Error> why_invalid(const ResourceId& id, const Manifest& manifest) {
  auto reason = why_no_name(id.name());
  if (reason.empty()) return std::nullopt;
  const bool generated = id.name().empty() && manifest.metadata.find("\"generateName\"") != std::string::npos;
  if (generated) reason += ", and metadata.generateName does not replace it";
  return Error{ErrorKind::user, reason,
               generated ? "Every sync would make another object. Give this one a fixed metadata.name."
                         : "Correct metadata.name in the repository; all else goes on without this resource."};
}

/// Why the resource has to be applied; empty when it has not.
std::string why_apply(const PlanFacts& facts, const ResourceId& id, const Desired& desired,
                      const cluster::Object* live) {
  const auto* applied = facts.applied->find(id);
  if (!live) {
    const bool has_run = applied && applied->is_of(desired) && (applied->ended || removes_itself(*desired.manifest));
    return has_run ? "" : "not in the cluster";
  }
  if (live->deleting) return {};  // once it is gone, it comes back
  if (facts.failed.contains(id)) return "the last apply failed";
  if (!applied) return "not applied since the start";
  if (!applied->is_of(desired)) return "changed in git";
  if (applied->uid != live->uid) return "created again by somebody else";
  if (applied->content != live->content()) return "changed in the cluster";
  return {};
}

/// Only from what we have applied before: what was added earlier may be part of what the first sync finds and keeps.
bool takes_additions(const PlanFacts& facts, const Desired& desired, const cluster::Object* live) {
  if (!live || !live->has_additions || live->owned_fields == 0 || facts.keep_additions) return false;
  const auto keep = desired.manifest->policies.find(std::string(kKeepAdditions));
  return keep == desired.manifest->policies.end() || keep->second != "true";
}

/// The checksum of Flux v1, where it is that of the manifest, says that its last apply was of this very manifest.
TakeOver what_to_take_over(const Desired& desired, const cluster::Object* live) {
  if (!live || live->client_side == cluster::ClientSide::nothing) return TakeOver::nothing;
  if (live->checksum != desired.manifest->checksum) return TakeOver::everything;
  return live->client_side == cluster::ClientSide::fields ? TakeOver::fields : TakeOver::nothing;
}

void plan_apply(const PlanFacts& facts, const ResourceId& id, const Desired& desired, Plan& plan) {
  const auto* live = find_live(*facts.live, id, desired);
  if (!allowed(facts, id)) {
    plan.skips.push_back({id, SkipReason::outside_allowed_namespaces});
  } else if (ignore_of(desired.manifest->policies) == Ignore::yes) {
    plan.skips.push_back({id, SkipReason::ignored_in_file});
  } else if (is_controllers(id, desired, *facts.desired)) {
    plan.skips.push_back({id, SkipReason::kept_by_controller});
  } else if (auto invalid = why_invalid(id, *desired.manifest)) {
    plan.invalid.push_back({id, std::move(*invalid), /*again=*/false});
  } else if (const auto unseen = facts.unseen.find(id); unseen != facts.unseen.end()) {
    plan.invalid.push_back({id, unseen->second, /*again=*/true});
  } else if (live && live->ignore == Ignore::yes) {
    plan.skips.push_back({id, SkipReason::ignored_in_cluster});
  } else if (!facts.resting.contains(id)) {
    if (auto reason = why_apply(facts, id, desired, live); !reason.empty())
      plan.applies.push_back(
          {id, what_to_take_over(desired, live), std::move(reason), takes_additions(facts, desired, live)});
  }
}

/// Calls `look(id, value)` for what the plan is about of `all`.
template <class Map, class Look>
void for_each_looked_at(const PlanFacts& facts, const Map& all, const Look& look) {
  if (!facts.only) {
    for (const auto& [id, value] : all) look(id, value);
    return;
  }
  for (const auto& id : *facts.only)
    if (const auto* value = all.find(id)) look(id, *value);
}

/// By rank, then id. A rank costs a look at the facts, so each is asked for once.
template <class Step>
std::vector<Step> in_order(const PlanFacts& facts, std::vector<Step> steps, bool falling) {
  std::vector<std::pair<int, Step*>> order;
  order.reserve(steps.size());
  for (auto& step : steps) order.emplace_back(rank_of(facts, step), &step);
  std::ranges::sort(order, [&](const auto& a, const auto& b) {
    const auto& [first, second] = falling ? std::tie(b, a) : std::tie(a, b);
    return first.first != second.first ? first.first < second.first : first.second->id < second.second->id;
  });
  std::vector<Step> sorted;
  sorted.reserve(steps.size());
  for (const auto& [rank, step] : order) sorted.push_back(std::move(*step));
  return sorted;
}

void plan_applies(const PlanFacts& facts, Plan& plan) {
  for_each_looked_at(facts, *facts.desired,
                     [&](const ResourceId& id, const Desired& desired) { plan_apply(facts, id, desired, plan); });
  if (facts.only)
    for (const auto& id : *facts.only)
      if (const auto endpoints = depends_on_service(id); endpoints && !facts.only->contains(*endpoints))
        if (const auto* desired = facts.desired->find(*endpoints)) plan_apply(facts, *endpoints, *desired, plan);
  std::ranges::sort(plan.skips, {}, &Skip::id);
  std::ranges::sort(plan.invalid, {}, &Invalid::id);
  plan.applies = in_order(facts, std::move(plan.applies), /*falling=*/false);
}

/// `in_git`: most objects are; their mark decides nothing, and hashing all of them would be most of a sync's work.
bool is_ours(const PlanFacts& facts, const ResourceId& id, const cluster::Object& object, bool in_git) {
  return !object.gc_mark.empty() && !object.owned && (in_git || object.gc_mark == gc_mark(facts.set_name, id));
}

/// Why an object of ours that git does not mention stays; empty when it may go.
std::string why_keep(const PlanFacts& facts, const ResourceId& id, const cluster::Object& object) {
  if (object.ignore == Ignore::yes) return "resource has ignore policy true";
  if (object.ignore == Ignore::sync_only) return "resource has ignore policy sync_only";
  if (facts.unscoped.contains(id)) return "git has a resource of that name whose kind the cluster does not know";
  if (!allowed(facts, id)) return "outside the allowed namespaces";
  return {};
}

struct Refusal {
  std::string rule;
  std::string reason;
};

Refusal why_refused(const PlanFacts& facts, std::size_t managed, std::size_t count) {
  if (!facts.incomplete.empty())
    return {"incomplete", fmt::format("could not read all of: {}", fmt::join(facts.incomplete, ", "))};
  if (facts.desired->empty()) return {"empty", "git names no resource at all"};
  if (static_cast<double>(count) > facts.collect.max_share * static_cast<double>(managed))
    return {"share",
            fmt::format("would delete {} of {} managed objects, more than the share of {} that one sync may delete",
                        count, managed, facts.collect.max_share)};
  return {};
}

bool is_newcomer(const PlanFacts& facts, const ResourceId& id) {
  return facts.newcomers && facts.newcomers->contains(id);
}

/// How many objects of the whole cluster are ours, and were before this revision.
std::size_t count_managed(const PlanFacts& facts) {
  std::size_t managed = 0;
  for (const auto& [id, objects] : *facts.live) {
    if (is_newcomer(facts, id)) continue;
    managed += static_cast<std::size_t>(std::ranges::count_if(objects, [&](const auto& object) {
      const bool in_git = find_desired(*facts.desired, id, object->type.group()) != nullptr;
      return is_ours(facts, id, *object, in_git);
    }));
  }
  return managed;
}

/// Pairs what goes with what has come under the same kind and name in another namespace, one to one.
void find_moves(const PlanFacts& facts, Plan& plan) {
  std::multimap<std::pair<std::string, std::string>, ResourceId> come;
  const auto note = [&](const ResourceId& id) {
    if (!id.cluster_scoped()) come.emplace(std::pair(plain_id(id).kind(), id.name()), id);
  };
  if (facts.newcomers)
    for (const auto& id : *facts.newcomers)
      if (facts.desired->contains(id)) note(id);
  for (const auto& apply : plan.applies)
    if (!is_newcomer(facts, apply.id) && !facts.live->contains(plain_id(apply.id))) note(apply.id);
  for (auto& deletion : plan.deletions) {
    const auto to = come.find({deletion.id.kind(), deletion.id.name()});
    if (to == come.end() || deletion.id.cluster_scoped()) continue;
    deletion.moved_to = to->second;
    come.erase(to);
  }
}

void plan_deletions(const PlanFacts& facts, Plan& plan) {
  for_each_looked_at(facts, *facts.live, [&](const ResourceId& id, const std::vector<cluster::ObjectPtr>& objects) {
    const bool named = facts.desired->contains(id);
    for (const auto& object : objects) {
      // A kind of that name in another API group is another object.
      if (find_desired(*facts.desired, id, object->type.group())) continue;
      if (!is_ours(facts, id, *object, false) || object->deleting) continue;
      if (auto reason = why_keep(facts, id, *object); !reason.empty())
        plan.kept.push_back({id, std::move(reason)});
      else
        plan.deletions.push_back({id, object, named ? "in another API group now" : "no longer in git"});
    }
  });
  std::ranges::sort(plan.kept, {}, &Kept::id);
  if (plan.deletions.empty()) return;
  find_moves(facts, plan);
  const auto moves = std::ranges::count_if(plan.deletions, [](const auto& one) { return one.moved_to.has_value(); });
  auto refusal = why_refused(facts, count_managed(facts), plan.deletions.size() - static_cast<std::size_t>(moves));
  plan.refused = std::move(refusal.reason);
  plan.refused_rule = std::move(refusal.rule);
  if (!plan.refused.empty()) plan.deletions.clear();
  plan.deletions = in_order(facts, std::move(plan.deletions), /*falling=*/true);
}

}  // namespace

bool removes_itself(const Manifest& manifest) {
  return manifest.type.kind == "Job" && manifest.type.group() == "batch" &&
         manifest.rest.find("\"ttlSecondsAfterFinished\"") != std::string::npos;
}

bool is_allowed(const std::set<std::string>& allowed, const ResourceId& id) {
  if (allowed.empty()) return true;
  if (!id.cluster_scoped()) return allowed.contains(id.ns());
  return id.kind() != "namespace" || allowed.contains(id.name());
}

Desired::Desired(std::shared_ptr<const Manifest> of, std::string effective_ns)
    : manifest(std::move(of)), ns(std::move(effective_ns)) {}

int rank_of(const PlanFacts& facts, const Apply& apply) {
  const std::string_view kind = apply.id.kind();
  return rank_of(facts.desired->at(apply.id).manifest->type.group(), kind.substr(0, kind.find('.')));
}

int rank_of(const PlanFacts& /*facts*/, const Deletion& deletion) {
  return rank_of(deletion.object->type.group(), deletion.id.kind());
}

const cluster::Object* find_live(const LiveSet& live, const ResourceId& id, const Desired& desired) {
  const auto* objects = is_plain(id) ? live.find(id) : live.find(plain_id(id));
  if (!objects) return nullptr;
  const auto group = desired.manifest->type.group();
  const auto found = std::ranges::find(*objects, group, [](const auto& object) { return object->type.group(); });
  return found == objects->end() ? nullptr : found->get();
}

const Desired* find_desired(const DesiredSet& desired, const ResourceId& id, std::string_view group) {
  const auto* found = desired.find(id);
  const bool is_it = found && found->manifest->type.group() == group;
  return is_it ? found : desired.find(with_group(id, group));
}

Plan make_plan(const PlanFacts& facts) {
  Plan plan;
  plan_applies(facts, plan);
  if (facts.collect.enabled || facts.collect.dry_run) plan_deletions(facts, plan);
  return plan;
}

}  // namespace flux::sync
