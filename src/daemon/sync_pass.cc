#include "daemon/sync_pass.h"

#include <malloc.h>

#include <algorithm>
#include <utility>

#include "cluster/last_writer.h"
#include "daemon/plan_facts.h"
#include "sync/controlled.h"

namespace flux::daemon {

using sync::SkipReason;

namespace {

/// To look at more than these leaves so much behind in the allocator, which would stay ours for ever, that it is worth
/// giving back.
constexpr std::size_t kMany = 1000;

std::vector<ResourceId> changed_between(const sync::DesiredSet& before, const sync::DesiredSet& after) {
  std::vector<ResourceId> changed;
  sync::DesiredSet::compare(before, after, [&](const ResourceId& id, const auto*, const auto* now) {
    if (now) changed.push_back(id);
  });
  return changed;
}

}  // namespace

SyncPass::SyncPass(SyncOptions options, git::Mirror& mirror, sync::Cluster cluster, sync::Marker& marker,
                   metrics::Metrics& metrics, Published<SyncReport>& reports, EventSink& events)
    : options_(std::move(options)),
      mirror_(mirror),
      cluster_(std::move(cluster)),
      marker_(marker),
      metrics_(metrics),
      reports_(reports),
      events_(events),
      desired_(options_.git_paths, options_.default_namespace, options_.missing),
      pacing_(options_.sync_interval) {}

Result<void> SyncPass::run(const Context& ctx, const std::string& revision, bool compare_all,
                           const std::optional<Error>& away) {
  const auto started = Clock::now();
  if (compare_all) look_at_all_ = true;
  if (revision != desired_.revision())
    look_at_.merge(pacing_.forget());
  else if (compare_all)
    look_at_.merge(pacing_.forget_failures());
  look_at_.merge(pacing_.take_due(started));
  // Kinds of extension API servers come without a word.
  if (compare_all && !desired_.unscoped().empty()) cluster_.discovery.invalidate();
  const bool many = look_at_all_ || look_at_.size() > kMany;
  auto done = sync(ctx, revision);
  if (many) ::malloc_trim(0);
  const auto took = Clock::now() - started;
  const auto error = done ? away : std::optional(done.error());
  metrics_.sync_duration.observe(took, !error);
  const auto now = std::chrono::system_clock::now();
  if (!error) metrics_.last_sync_timestamp.set(std::chrono::duration<double>(now.time_since_epoch()).count());
  report(SyncEnd{now, took, revision, error});
  return done;
}

void SyncPass::forget_cluster() {
  // What removes itself has run, whatever became of the cluster since.
  for (const auto& [id, one] : sync::AppliedSet(applied_))
    if (const auto* desired = desired_.desired().find(id); !desired || !sync::removes_itself(*desired->manifest))
      applied_.erase(id);
  pacing_.forget();
  look_at_all_ = true;
  surveyed_ = nullptr;
}

void SyncPass::report(std::optional<SyncEnd> end) {
  const auto contested = pacing_.contested(Clock::now());
  std::erase_if(fought_, [&](const auto& fight) { return !contested.contains(fight.first); });
  metrics_.contested.set(static_cast<double>(fought_.size()));
  reports_.publish(
      {desired_.view(), applied_, errors_, fought_, refused_, live_revision_, live_since_, std::move(end)});
}

/// Told before the marker moves: who waits for that may ask at once what is live.
void SyncPass::note_live(const std::string& revision) {
  if (live_revision_ == revision) return;
  live_revision_ = revision;
  live_since_ = std::chrono::system_clock::now();
  report(reports_.latest()->last);
}

Result<void> SyncPass::sync(const Context& ctx, const std::string& revision) {
  const auto repository = mirror_.repository(git::Reader::sync);
  if (!repository) return Failure(repository.error());
  if (auto ok = desired_.read(ctx.with_timeout(options_.git_timeout), *repository, revision); !ok) {
    if (ok.error().kind == ErrorKind::server) mirror_.doubt();
    return ok;
  }

  if (auto ok = compare(ctx.with_timeout(options_.sync_timeout)); !ok) return ok;
  if (ctx.stopped()) return ctx.check();
  note_live(revision);
  return finish(ctx, revision);
}

/// The managed objects, once all of interest have been listed. Notes in look_at_all_ and look_at_ what may need
/// something.
Result<sync::LiveSet> SyncPass::look_at_cluster(const Bounded& ctx) {
  const auto& desired = desired_.desired();
  const auto& catalog = desired_.catalog();
  if (surveyed_ != catalog) look_at_all_ = true;
  sync::DesiredSet::compare(planned_desired_, desired, [&](const ResourceId& id, const auto*, const auto* now) {
    look_at_.insert(id);
    if (now && !watched_.contains(now->manifest->type)) look_at_all_ = true;
  });
  if (look_at_all_) {
    watched_.clear();
    for (const auto& [id, resource] : desired) watched_.insert(resource.manifest->type);
    cluster_.cache.watch(cluster_.owner, sync::types_of(*catalog, desired));
    if (surveyed_ != catalog) cluster_.cache.sweep(catalog->listable());
  }
  if (!cluster_.cache.wait_listed(ctx)) return Failure(ctx.check().error());
  auto live = cluster_.cache.snapshot();
  sync::LiveSet::compare(planned_live_, live,
                         [&](const ResourceId& id, const auto*, const auto*) { look_at_.insert(id); });
  return live;
}

/// Desired state against live state, and what follows from it.
Result<void> SyncPass::compare(const Bounded& ctx) {
  if (auto ok = desired_.resolve(ctx, cluster_.discovery); !ok) return ok;
  invalid_filters_.follow(desired_.desired(), ctx.log);
  metrics_.invalid_filters.set(static_cast<double>(invalid_filters_.count()));
  if (!std::exchange(looked_for_ended_, true)) remember_ended(ctx);
  const auto live = look_at_cluster(ctx);
  if (!live) return Failure(live.error());
  if (!look_at_all_ && look_at_.empty()) return {};

  auto only = std::exchange(look_at_, {});
  add_namesakes(only, *desired_.view().namesakes);
  const auto& catalog = desired_.catalog();
  const auto* scope = look_at_all_ ? nullptr : &only;
  if (!scope) note_ended(ctx, *live);
  const auto survey =
      sync::survey_cluster(ctx, cluster_.client, cluster_.cache, *live,
                           {*catalog, desired_.desired(), applied_, options_.allowed_namespaces, scope});
  if (!survey) {
    look_at_ = only;
    return Failure(survey.error());
  }
  surveyed_ = catalog;

  auto facts = plan_facts(options_, desired_.view(), *survey, applied_, errors_);
  facts.only = scope;
  facts.resting = pacing_.resting(Clock::now());
  if (std::exchange(newcomers_of_, desired_.revision()) != desired_.revision()) newcomers_.clear();
  facts.newcomers = &newcomers_;
  auto plan = sync::make_plan(facts);
  const bool deletes = may_delete(ctx, plan);
  if (!deletes) plan.deletions.clear();
  tell(ctx, plan, scope);
  planned_desired_ = desired_.desired();
  planned_live_ = *live;
  // What was refused as a whole has to be found again.
  look_at_all_ = !plan.refused.empty() || !deletes;
  deletions_wait_ = plan.refused_rule == "incomplete" || !deletes;
  const auto began = Clock::now();
  auto outcome = sync::execute(ctx, cluster_, plan, facts);
  if (!plan.applies.empty() || !plan.deletions.empty())
    metrics_.platform_request.observe(Clock::now() - began, "Sync", outcome.errors.empty());
  remember(ctx, plan, scope, std::move(outcome));
  // What was changed now may be changed back: then it would look as it did to this plan.
  for (const auto& apply : plan.applies) look_at_.insert(apply.id);
  for (const auto& deletion : plan.deletions) look_at_.insert(deletion.id);
  return {};
}

SyncFacts SyncPass::facts() const {
  return {.completed = true, .compared_all = false, .deletions_wait = deletions_wait_, .retry = pacing_.next()};
}

/// Says what is not done and why, but only when it differs from what was said last time: a sync may run often.
void SyncPass::tell(const Context& ctx, const sync::Plan& plan, const std::set<ResourceId>* only) {
  auto skipped = only ? skipped_ : std::map<ResourceId, SkipReason>();
  if (only)
    for (const auto& id : *only) skipped.erase(id);
  std::string outside;
  for (const auto& skip : plan.skips) {
    skipped.emplace(skip.id, skip.reason);
    const auto last = skipped_.find(skip.id);
    if (last != skipped_.end() && last->second == skip.reason) continue;
    const auto& manifest = *desired_.desired().at(skip.id).manifest;
    if (skip.reason == SkipReason::ignored_in_file)
      ctx.log({{"info", "not applying resource; ignore annotation in file"},
               {"resource", skip.id.to_string()},
               {"source", manifest.source.path}});
    else if (skip.reason == SkipReason::ignored_in_cluster)
      ctx.log({{"info", "not applying resource; ignore annotation in cluster resource"},
               {"resource", skip.id.to_string()}});
    else if (skip.reason == SkipReason::kept_by_controller)
      ctx.log({{"info", "not applying resource; a controller of Kubernetes keeps it, whatever git says"},
               {"resource", skip.id.to_string()},
               {"source", manifest.source.path}});
    else
      outside += (outside.empty() ? "" : ",") + skip.id.to_string();
  }
  if (!outside.empty())
    ctx.log({{"warning", "not applying resources; excluded by namespace constraints"}, {"resources", outside}});
  skipped_ = std::move(skipped);

  for (const auto& kept : plan.kept)
    ctx.log({{"info", "skipping GC of cluster resource; " + kept.reason}, {"resource", kept.id.to_string()}});

  if (!plan.refused.empty()) metrics_.gc_refused.add(1, plan.refused_rule);
  if (!plan.refused.empty() && plan.refused != refused_)
    ctx.log({{"warning", "garbage collection refused; nothing is deleted"},
             {"reason", plan.refused},
             {"help", plan.refused_rule == "share"
                          ? "If this is intended, restart with a larger --sync-garbage-collection-max-share."
                          : "This often passes by itself. If it does not, find out why that could not be read."}});
  refused_ = plan.refused;
}

void SyncPass::remember(const Bounded& ctx, const sync::Plan& plan, const std::set<ResourceId>* only,
                        sync::Outcome outcome) {
  const auto now = Clock::now();
  const std::set<ResourceId> changed(outcome.changed.begin(), outcome.changed.end());
  for (const auto& apply : plan.applies) {
    if (!outcome.applied.contains(apply.id)) continue;
    pacing_.succeeded(apply.id);
    const auto* before = applied_.find(apply.id);
    const auto& after = outcome.applied.at(apply.id);
    const bool put_right = before && before->manifest->checksum == after.manifest->checksum;
    if (!put_right || errors_.contains(apply.id)) continue;
    if (!changed.contains(apply.id))
      pacing_.found_right(apply.id, now);
    else if (const auto pause = pacing_.put_right(apply.id, now); pause > Duration::zero())
      note_fight(ctx, apply.id, pause);
  }
  for (const auto& deletion : plan.deletions)
    if (!desired_.desired().contains(deletion.id)) applied_.erase(deletion.id);
  for (const auto& apply : plan.applies)
    if (outcome.applied.contains(apply.id) && !planned_live_.contains(plain_id(apply.id))) newcomers_.insert(apply.id);
  for (const auto& skip : plan.skips) errors_.erase(skip.id);
  for (const auto& invalid : plan.invalid) refuse(ctx, invalid, now);
  // A resource that rests is still out of step.
  std::erase_if(errors_, [&](const auto& entry) {
    return !desired_.desired().contains(entry.first) || outcome.applied.contains(entry.first);
  });
  for (const auto& [id, error] : outcome.errors) pacing_.failed(id, now);
  for (const auto& id : outcome.changed_since) pacing_.failed(id, now);
  for (const auto& id : outcome.deleted) pacing_.succeeded(id);
  std::ranges::copy(outcome.replaced, std::back_inserter(replaced_));
  for (auto& [id, error] : outcome.errors) errors_.insert_or_assign(id, std::move(error));
  for (auto& [id, one] : outcome.applied) {
    // Another apply does not bring back to life what has ended.
    if (const auto* before = applied_.find(id)) one.ended = before->ended && before->uid == one.uid;
    applied_.set(id, std::move(one));
  }
  const auto forget = [&](const ResourceId& id) {
    if (!desired_.desired().contains(id)) applied_.erase(id);
  };
  if (only)
    std::ranges::for_each(*only, forget);
  else
    for (const auto& [id, one] : sync::AppliedSet(applied_)) forget(id);

  const auto failed = static_cast<double>(errors_.size());
  metrics_.sync_manifests.set(std::max(0.0, static_cast<double>(desired_.desired().size()) - failed), true);
  metrics_.sync_manifests.set(failed, false);
}

/// Told once; what may be better later is tried again like what failed.
void SyncPass::refuse(const Context& ctx, const sync::Invalid& invalid, Clock::time_point now) {
  if (invalid.again) pacing_.failed(invalid.id, now);
  const auto& manifest = *desired_.desired().at(invalid.id).manifest;
  const auto known = errors_.find(invalid.id);
  if (known != errors_.end() && known->second.error.message == invalid.error.message) return;
  const auto source = manifest.source.to_string();
  ctx.log({{"method", "Sync"}, {"resource", invalid.id.to_string()}, {"source", source}, {"err", invalid.error}});
  errors_.insert_or_assign(invalid.id, sync::ResourceError{source, invalid.error});
}

/// Told once for each fight, with who is on the other side as far as the object tells.
void SyncPass::note_fight(const Bounded& ctx, const ResourceId& id, Duration pause) {
  if (fought_.contains(id)) return;
  const auto& desired = desired_.desired().at(id);
  const auto* resource = desired_.catalog()->find(desired.manifest->type);
  const auto writer = resource ? cluster::last_other_writer(ctx, cluster_.client, *resource, desired.ns, id.name())
                               : cluster::ApiResult<std::string>(std::string());
  const auto who = writer && !writer->empty() ? *writer : std::string("somebody");
  fought_[id] = who + " keeps changing it back; fluxd puts it right less and less often";
  ctx.log({{"warning", "somebody keeps changing this resource back; it is put right less and less often"},
           {"resource", id.to_string()},
           {"by", who},
           {"pause", format_duration(pause)},
           {"help", "Take the fields that are changed out of git, or stop who changes them."}});
}

Result<std::string> SyncPass::read_marker(const Context& ctx) {
  auto marker = marker_.read(ctx.with_timeout(options_.git_timeout));
  if (marker && synced_revision_ && *marker != *synced_revision_ && !told_of_foreign_marker_) {
    told_of_foreign_marker_ = true;
    ctx.log(
        {{"warning", "detected external change in sync state; the sync state should not be shared by fluxd instances"},
         {"state", marker_.to_string()}});
  }
  return marker;
}

Result<std::vector<git::Commit>> SyncPass::commits_between(const Context& ctx, std::string marker,
                                                           const std::string& revision) {
  const auto git_ctx = ctx.with_timeout(options_.git_timeout);
  const auto repository = mirror_.repository(git::Reader::sync);
  if (!repository) return Failure(repository.error());
  // After a force-push the marker's commit may be gone; then this is a first sync as far as the log goes.
  if (!marker.empty() && !git::resolve_commit(git_ctx, **repository, marker)) {
    if (std::exchange(lost_marker_, marker) != marker)
      ctx.log({{"warning",
                "the commit of the last sync is not in the git repository any more; this counts as a first sync"},
               {"state", marker_.to_string()},
               {"revision", marker}});
    marker.clear();
  }
  return git::list_commits(
      git_ctx, **repository,
      {.from = marker, .to = revision, .paths = options_.git_paths, .detail = git::CommitDetail::ends});
}

/// What git never had as far as we know may have come with a commit that another fluxd has fetched and we have not.
bool SyncPass::may_delete(const Bounded& ctx, const sync::Plan& plan) {
  const bool all_known = std::ranges::all_of(plan.deletions, [&](const auto& deletion) {
    return sync::find_desired(planned_desired_, deletion.id, deletion.object->type.group()) != nullptr;
  });
  if (all_known) return true;
  auto fresh = mirror_.refresh(ctx);
  if (fresh) {
    const auto head = find_head(ctx.with_timeout(options_.git_timeout), options_.branch, mirror_, marker_);
    if (head && head->valid == desired_.revision()) return true;
    fresh = head ? fail(ErrorKind::user, "there is a newer commit") : Result<void>(Failure(head.error()));
  }
  ctx.log({{"info", "not deleting yet what git has never had as far as this fluxd knows"},
           {"resources", static_cast<std::int64_t>(plan.deletions.size())},
           {"reason", fresh.error().message}});
  return false;
}

/// What removes itself once it has ended, and was synced by an earlier process, is not to run again.
void SyncPass::remember_ended(const Bounded& ctx) {
  std::vector<ResourceId> ending;
  for (const auto& [id, desired] : desired_.desired())
    if (sync::removes_itself(*desired.manifest)) ending.push_back(id);
  if (ending.empty()) return;
  const auto marker = marker_.read(ctx.with_timeout(options_.git_timeout));
  if (!marker) return;
  const auto before = resources_at(ctx, *marker);
  for (const auto& id : ending)
    if (const auto* then = before.find(id); then && *then == desired_.desired().at(id))
      applied_.set(id, {then->manifest, {}, 0});
}

/// Looked for with each comparison of everything: their watches tell nothing of a status.
void SyncPass::note_ended(const Bounded& ctx, const sync::LiveSet& live) {
  const auto ended = sync::find_ended(ctx, cluster_.client, *desired_.catalog(), desired_.desired(), applied_, live);
  for (const auto& id : ended) {
    auto one = applied_.at(id);
    one.ended = true;
    applied_.set(id, std::move(one));
  }
}

/// What was synced before this process: without it, the first sync would tell of every resource as changed.
sync::DesiredSet SyncPass::resources_at(const Context& ctx, const std::string& revision) {
  const auto repository = mirror_.repository(git::Reader::sync);
  if (revision.empty() || !repository) return {};
  DesiredState before(options_.git_paths, options_.default_namespace, options_.missing);
  const auto quiet = ctx.with_timeout(options_.git_timeout).with_log({});
  auto loaded = before.read(quiet, *repository, revision);
  if (loaded) loaded = before.resolve(quiet, cluster_.discovery);
  if (!loaded)
    ctx.log({{"warning", "cannot read what was synced last, so the sync event names every resource"},
             {"revision", revision},
             {"err", loaded.error()}});
  return before.desired();
}

/// Events and the marker: only when there is a new revision to tell of.
Result<void> SyncPass::finish(const Context& ctx, const std::string& revision) {
  if (synced_revision_ == revision) return {};
  const auto marker = read_marker(ctx);
  if (!marker) return wrap(marker.error(), "reading the " + marker_.to_string());
  const auto commits = commits_between(ctx, *marker, revision);
  if (!commits) return Failure(commits.error());

  if (!synced_revision_) synced_ = resources_at(ctx, *marker);
  if (!commits->empty() && told_revision_ != revision)
    events_.send(ctx, SyncEvent{*commits, changed_between(synced_, desired_.desired()), replaced_});
  replaced_.clear();
  told_revision_ = revision;

  // Bounds itself: a fetch that is under way, and has to be waited for, must not use up the time of the push.
  if (*marker != revision)
    if (auto ok = marker_.write(ctx, revision); !ok)
      return wrap(ok.error(), "moving the " + marker_.to_string() + " to " + revision);
  ctx.log({{"state", marker_.to_string()}, {"old", *marker}, {"new", revision}});
  synced_revision_ = revision;
  synced_ = desired_.desired();
  return {};
}

}  // namespace flux::daemon
