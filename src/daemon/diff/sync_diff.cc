#include "daemon/diff/sync_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/json.h"
#include "base/json_for_yaml.h"
#include "cluster/whole.h"
#include "daemon/diff/canonical.h"
#include "daemon/diff/unified.h"
#include "sync/identity.h"
#include "sync/leftovers.h"
#include "sync/redact.h"
#include "sync/replace.h"
#include "sync/stage.h"

namespace flux::daemon {
namespace {

constexpr std::size_t kAtOnce = 100;        // objects held in full at a time
constexpr std::size_t kMostText = 2 << 20;  // bytes of all diffs together

/// A planned apply whose kind the cluster serves.
struct Candidate {
  const sync::Apply* apply;
  const sync::Desired* desired;
  cluster::Resource resource;
  std::string live;  // JSON; empty: not there
};

class Description {
 public:
  Description(const Bounded& ctx, cluster::Client& client, const cluster::Catalog& catalog,
              const sync::PlanFacts& facts, const sync::OwnPod& own_pod)
      : ctx_(ctx), client_(client), catalog_(catalog), facts_(facts), own_pod_(own_pod) {}

  void describe(std::span<const sync::Apply> applies) {
    auto candidates = look_up(applies);
    std::vector<cluster::ApplyRequest> requests;
    for (const auto& candidate : candidates) requests.push_back(request(candidate));
    const auto answers = cluster::dry_run_all(ctx_, client_, requests);
    for (std::size_t i = 0; i < candidates.size(); ++i) add(candidates[i], answers[i]);
  }

  void describe(const sync::Deletion& deletion) {
    diff_.changes.push_back({deletion.id.to_string(), api::DiffAction::remove, deletion.reason, {}, {}});
  }

  void note(std::string text) { diff_.notes.push_back(std::move(text)); }
  void refuse(std::string text) { diff_.refusals.push_back(std::move(text)); }
  api::SyncDiff take() { return std::move(diff_); }

 private:
  /// What the cluster has of them; those that somebody asked there to leave alone are told of here.
  std::vector<Candidate> look_up(std::span<const sync::Apply> applies) {
    std::vector<Candidate> served;
    std::vector<cluster::Client::Target> targets;
    for (const auto& apply : applies) {
      const auto& desired = facts_.desired->at(apply.id);
      const auto* resource = catalog_.find(desired.manifest->type);
      if (!resource) {
        add_unserved(apply, desired);
        continue;
      }
      served.push_back({&apply, &desired, *resource, {}});
      targets.push_back({*resource, desired.ns, apply.id.name()});
    }
    auto answers = cluster::get_whole(ctx_, client_, targets);
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < served.size(); ++i) {
      auto& answer = answers[i];
      if (!answer && !answer.error().not_found()) {
        refuse_apply(served[i], answer.error());
        continue;
      }
      if (answer) served[i].live = std::move(*answer);
      if (is_ignored(served[i]))
        note(fmt::format("{} is left alone: ignore annotation in cluster resource", served[i].apply->id.to_string()));
      else
        candidates.push_back(std::move(served[i]));
    }
    return candidates;
  }

  static bool is_ignored(const Candidate& candidate) {
    const auto live = cluster::decode_object(candidate.live, candidate.resource.type);
    return live && live->ignore == Ignore::yes;
  }

  [[nodiscard]] std::string body(const sync::Apply& apply, const sync::Desired& desired) const {
    return sync::staged_body(*desired.manifest, desired.ns, sync::gc_mark(facts_.set_name, apply.id));
  }

  [[nodiscard]] cluster::ApplyRequest request(const Candidate& candidate) const {
    return {candidate.resource, candidate.desired->ns, candidate.apply->id.name(),
            json_for_yaml(body(*candidate.apply, *candidate.desired)), /*dry_run=*/true};
  }

  void add(const Candidate& candidate, const cluster::ApiResult<std::string>& answer) {
    if (!answer && add_without_leftovers(candidate)) return;
    // What its namespace, or its kind, still has to be created for shows as git has it.
    const bool too_early = !answer && answer.error().not_found() && candidate.live.empty();
    if (!answer && answer.error().immutable && !candidate.live.empty())
      return add_replacement(candidate, answer.error());
    if (!answer && !too_early) return refuse_apply(candidate, answer.error());
    add_change(*candidate.apply, reason_of(candidate), *candidate.desired, candidate.live,
               answer ? *answer : body(*candidate.apply, *candidate.desired));
  }

  /// A sync would first claim the defaults that are in the way, which a dry run cannot. False when there are none.
  bool add_without_leftovers(const Candidate& candidate) {
    const auto paths = sync::fields_in(candidate.live, sync::contradicted_fields(*candidate.desired->manifest));
    if (paths.empty()) return false;
    const auto wanted = body(*candidate.apply, *candidate.desired);
    auto without = request(candidate);
    without.body = json_for_yaml(sync::set_aside(wanted, paths));
    const auto answers = cluster::dry_run_all(ctx_, client_, std::span(&without, 1));
    if (!answers.front()) return false;
    add_change(*candidate.apply, reason_of(candidate), *candidate.desired, candidate.live,
               sync::put_back(*answers.front(), wanted, paths));
    return true;
  }

  /// What the API server would fill in cannot be asked for while the object is there.
  void add_replacement(const Candidate& candidate, const cluster::ApiError& error) {
    const auto& manifest = *candidate.desired->manifest;
    if (!sync::asks_for_replacement(manifest)) return refuse_apply(candidate, error);
    if (!own_) own_ = sync::find_own_parts(ctx_, client_, catalog_, own_pod_);
    if (auto why = sync::why_not_replaced(candidate.resource, candidate.live, *own_); !why.empty())
      return refuse_apply(candidate, error, "; fluxcd.io/force does not help, because " + why);
    add_change(*candidate.apply, "would be deleted and created again, because a field cannot be changed",
               *candidate.desired, candidate.live, body(*candidate.apply, *candidate.desired));
  }

  /// What is not known as ours is not in the plan's facts, but it may be in the cluster.
  [[nodiscard]] std::string reason_of(const Candidate& candidate) const {
    const auto& id = candidate.apply->id;
    if (candidate.live.empty() || sync::find_live(*facts_.live, id, *candidate.desired)) return candidate.apply->reason;
    const auto live = cluster::decode_object(candidate.live, candidate.resource.type);
    const bool ours = live && live->gc_mark == sync::gc_mark(facts_.set_name, id);
    return ours ? "not applied since the start" : "not managed by fluxd yet";
  }

  void add_unserved(const sync::Apply& apply, const sync::Desired& desired) {
    note(fmt::format("the cluster does not know the kind of {} yet, so it is shown as it is in git",
                     apply.id.to_string()));
    add_change(apply, apply.reason, desired, {}, body(apply, desired));
  }

  void add_change(const sync::Apply& apply, std::string reason, const sync::Desired& desired, const std::string& before,
                  const std::string& after) {
    const auto both = compare_objects(before, after);
    auto text = unified_diff(both.before, both.after);
    if (text.empty()) return;
    const auto id = apply.id.to_string();
    text = fmt::format("--- {}\n+++ {}\n{}", before.empty() ? "/dev/null" : "cluster/" + id, "git/" + id, text);
    text_bytes_ += text.size();
    if (text_bytes_ > kMostText) text.clear();
    diff_.changes.push_back({id, before.empty() ? api::DiffAction::create : api::DiffAction::change, std::move(reason),
                             desired.manifest->source.to_string(), std::move(text)});
    if (text_bytes_ > kMostText && !std::exchange(told_of_text_, true))
      note("there is too much to show: from here on only the names of what would change are listed");
  }

  void refuse_apply(const Candidate& candidate, const Error& error, std::string_view why = {}) {
    const auto& manifest = *candidate.desired->manifest;
    refuse(fmt::format("{} ({}): {}{}", candidate.apply->id.to_string(), manifest.source.to_string(),
                       sync::redact_values(error.message, manifest), why));
  }

  const Bounded& ctx_;
  cluster::Client& client_;
  const cluster::Catalog& catalog_;
  const sync::PlanFacts& facts_;
  const sync::OwnPod& own_pod_;
  std::optional<sync::OwnParts> own_;  // once something asks for them
  api::SyncDiff diff_;
  std::size_t text_bytes_ = 0;
  bool told_of_text_ = false;
};

std::string_view reason_of(sync::SkipReason reason) {
  switch (reason) {
    case sync::SkipReason::ignored_in_file:
      return "ignore annotation in file";
    case sync::SkipReason::ignored_in_cluster:
      return "ignore annotation in cluster resource";
    case sync::SkipReason::kept_by_controller:
      return "a controller of Kubernetes keeps it";
    case sync::SkipReason::outside_allowed_namespaces:
      break;
  }
  return "outside the allowed namespaces";
}

void describe_deletions(const sync::PlanFacts& facts, const sync::Plan& plan, Description& description) {
  const bool collects = facts.collect.enabled || facts.collect.dry_run;
  for (const auto& deletion : plan.deletions) {
    if (facts.collect.enabled && !facts.collect.dry_run)
      description.describe(deletion);
    else
      description.note(fmt::format("{} is no longer in git; it stays, because garbage collection is {}",
                                   deletion.id.to_string(), facts.collect.dry_run ? "only a dry run" : "off"));
  }
  for (const auto& kept : plan.kept)
    description.note(fmt::format("{} is no longer in git; it stays: {}", kept.id.to_string(), kept.reason));
  if (collects && !plan.refused.empty()) description.refuse("garbage collection: " + plan.refused);
}

}  // namespace

Result<api::SyncDiff> describe_plan(const Bounded& ctx, cluster::Client& client, const cluster::Catalog& catalog,
                                    const DesiredView& view, const sync::PlanFacts& facts, const sync::Plan& plan,
                                    const sync::OwnPod& own_pod) {
  Description description(ctx, client, catalog, facts, own_pod);
  for (const auto& unscoped : *view.unscoped)
    description.refuse(fmt::format("{} ({}): {}", unscoped.id, unscoped.source, unscoped.reason));
  for (const auto& skip : plan.skips)
    description.note(fmt::format("{} is left alone: {}", skip.id.to_string(), reason_of(skip.reason)));
  for (const auto& [id, error, again] : plan.invalid)
    description.refuse(
        fmt::format("{} ({}): {}", id.to_string(), facts.desired->at(id).manifest->source.to_string(), error.message));
  const std::span<const sync::Apply> applies = plan.applies;
  for (std::size_t from = 0; from < applies.size(); from += kAtOnce) {
    description.describe(applies.subspan(from, std::min(kAtOnce, applies.size() - from)));
    if (auto ok = ctx.check(); !ok) return Failure(ok.error());
  }
  describe_deletions(facts, plan, description);
  return description.take();
}

}  // namespace flux::daemon
