#include "daemon/sync_pass.h"

#include <algorithm>

#include "daemon/events.h"

namespace flux::daemon {

using sync::SkipReason;

SyncPass::SyncPass(SyncOptions options, git::Mirror& mirror, sync::Cluster cluster, sync::Marker& marker,
                   metrics::Metrics& metrics)
    : options_(std::move(options)),
      mirror_(mirror),
      cluster_(cluster),
      marker_(marker),
      metrics_(metrics),
      desired_(options_.git_paths, options_.default_namespace, options_.missing),
      pacing_(options_.sync_interval) {}

Result<void> SyncPass::run(const Context& ctx, const std::string& revision, bool compare_all) {
  const auto started = Clock::now();
  if (compare_all || revision != desired_.revision()) pacing_.forget();
  pacing_.wake(started);
  // Kinds of extension API servers come without a word.
  if (compare_all && !desired_.unscoped().empty()) cluster_.discovery.invalidate();
  auto done = sync(ctx, revision);
  metrics_.sync_duration.observe(Clock::now() - started, done.has_value());
  return done;
}

Result<void> SyncPass::sync(const Context& ctx, const std::string& revision) {
  const auto repository = mirror_.repository();
  if (!repository) return Failure(repository.error());
  const auto loaded = desired_.load(ctx.with_timeout(options_.git_timeout), *repository, revision, cluster_.discovery);
  if (!loaded) return loaded;

  const auto cluster_ctx = ctx.with_timeout(options_.sync_timeout);
  const auto catalog = cluster_.discovery.catalog(cluster_ctx);
  if (!catalog) return Failure(catalog.error());
  const auto survey =
      sync::survey_cluster(cluster_ctx, cluster_.client, cluster_.cache, **catalog, desired_.desired(), applied_);
  if (!survey) return Failure(survey.error());

  const auto known = facts(*survey);
  const auto plan = sync::make_plan(known);
  tell(ctx, plan);
  remember(ctx, plan, sync::execute(cluster_ctx, cluster_, plan, known));
  if (ctx.stopped()) return ctx.check();
  return finish(ctx, revision);
}

sync::PlanFacts SyncPass::facts(const sync::Survey& survey) const {
  sync::PlanFacts known;
  known.set_name = options_.set_name;
  known.desired = &desired_.desired();
  known.unscoped = desired_.unscoped();
  known.live = &survey.live;
  known.applied = &applied_;
  for (const auto& [id, error] : errors_) known.failed.insert(id);
  known.resting = pacing_.resting(Clock::now());
  known.allowed_namespaces = options_.allowed_namespaces;
  known.incomplete = survey.incomplete;
  known.collect = options_.collect;
  return known;
}

/// Says what is not done and why, but only when it differs from what was said last time: a sync may run often.
void SyncPass::tell(const Context& ctx, const sync::Plan& plan) {
  std::map<ResourceId, SkipReason> skipped;
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
                          ? "If this is meant, restart with a larger --sync-garbage-collection-max-share."
                          : "Nothing has to be done when this passes; otherwise look at what could not be read."}});
  refused_ = plan.refused;
}

void SyncPass::remember(const Context& ctx, const sync::Plan& plan, sync::Outcome outcome) {
  const auto now = Clock::now();
  for (const auto& apply : plan.applies) {
    if (!outcome.applied.contains(apply.id)) continue;
    pacing_.succeeded(apply.id);
    const auto before = applied_.find(apply.id);
    const auto& after = outcome.applied.at(apply.id);
    const bool put_right = before != applied_.end() && before->second.version == after.version;
    if (!put_right || errors_.contains(apply.id)) continue;
    if (const auto pause = pacing_.put_right(apply.id, now); pause > Duration::zero())
      ctx.log({{"warning", "somebody keeps changing this resource back; leaving it alone for a while"},
               {"resource", apply.id.to_string()},
               {"pause", format_duration(pause)}});
  }
  for (const auto& id : plan.deletions) applied_.erase(id.id);
  // A resource that rests is still out of step.
  std::erase_if(errors_, [&](const auto& entry) {
    return !desired_.desired().contains(entry.first) || outcome.applied.contains(entry.first);
  });
  for (const auto& [id, error] : outcome.errors) pacing_.failed(id, now);
  for (auto& [id, error] : outcome.errors) errors_.insert_or_assign(id, std::move(error));
  for (auto& [id, one] : outcome.applied) applied_.insert_or_assign(id, std::move(one));
  std::erase_if(applied_, [&](const auto& entry) { return !desired_.desired().contains(entry.first); });

  metrics_.sync_manifests.set(static_cast<double>(desired_.desired().size() - errors_.size()), true);
  metrics_.sync_manifests.set(static_cast<double>(errors_.size()), false);
}

Result<std::vector<git::Commit>> SyncPass::commits_since_marker(const Context& ctx, const std::string& revision) {
  auto marker = marker_.read(ctx.with_timeout(options_.git_timeout));
  if (!marker) return Failure(marker.error());
  if (synced_revision_ && *marker != *synced_revision_ && !told_of_foreign_marker_) {
    told_of_foreign_marker_ = true;
    ctx.log(
        {{"warning", "detected external change in sync state; the sync state should not be shared by fluxd instances"},
         {"state", marker_.to_string()}});
  }
  const auto repository = mirror_.repository();
  if (!repository) return Failure(repository.error());
  const auto git_ctx = ctx.with_timeout(options_.git_timeout);
  // After a force-push the marker's commit may be gone; then this is a first sync as far as the log goes.
  if (!marker->empty() && !git::resolve_commit(git_ctx, **repository, *marker)) marker->clear();
  return git::list_commits(git_ctx, **repository, {.from = *marker, .to = revision, .paths = options_.git_paths});
}

/// Events and the marker: only when there is a new revision to tell of.
Result<void> SyncPass::finish(const Context& ctx, const std::string& revision) {
  if (synced_revision_ == revision) return {};
  const auto commits = commits_since_marker(ctx, revision);
  if (!commits) return Failure(commits.error());

  std::map<ResourceId, std::string> versions;
  std::vector<ResourceId> changed;
  for (const auto& [id, desired] : desired_.desired()) {
    const auto before = synced_.find(id);
    if (before == synced_.end() || before->second != desired.version) changed.push_back(id);
    versions.emplace(id, desired.version);
  }
  if (!commits->empty()) ctx.log({{"event", sync_event(*commits, changed)}, {"logupstream", false}});

  if (auto ok = marker_.write(ctx.with_timeout(options_.git_timeout), revision); !ok) return ok;
  ctx.log({{"state", marker_.to_string()}, {"old", synced_revision_.value_or("")}, {"new", revision}});
  synced_revision_ = revision;
  synced_ = std::move(versions);
  return {};
}

}  // namespace flux::daemon
