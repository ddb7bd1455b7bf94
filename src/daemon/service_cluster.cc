// The answers that come from the cluster.
#include "daemon/cluster_request.h"
#include "daemon/diff/sync_diff.h"
#include "daemon/listing/explain.h"
#include "daemon/listing/export.h"
#include "daemon/listing/find.h"
#include "daemon/listing/images.h"
#include "daemon/listing/workloads.h"
#include "daemon/plan_facts.h"
#include "daemon/service.h"

namespace flux::daemon {
namespace {

constexpr Duration kContactPatience = std::chrono::seconds(6);  // longer than a question to the cluster may take

/// What the repository says at the head of the branch; `view` keeps the manifests alive.
struct HeadFacts {
  std::string_view missing_reason;
  std::optional<DesiredView> view;
  bool read_only;

  /// As long as this lives.
  [[nodiscard]] GitFacts git() const { return {view ? view->resources.get() : nullptr, missing_reason, read_only}; }
};

Result<HeadFacts> facts_at_head(const Bounded& ctx, git::Mirror& mirror, const std::string& branch,
                                RevisionReader& reader) {
  const auto repository = mirror.repository();
  if (!repository) {
    const bool unconfigured = mirror.status().state == git::MirrorState::unconfigured;
    return HeadFacts{unconfigured ? api::read_only::kNoRepo : api::read_only::kNotReady, std::nullopt,
                     mirror.read_only()};
  }
  const auto head = git::branch_head(ctx, **repository, branch);
  if (!head) return Failure(head.error());
  auto view = reader.read(ctx, *repository, *head, /*keep=*/true);
  if (!view) return Failure(view.error());
  return HeadFacts{api::read_only::kNotInRepo, std::move(*view), mirror.read_only()};
}

}  // namespace

Result<std::vector<cluster::LiveWorkload>> Service::workloads(const Bounded& ctx, const cluster::Catalog& catalog,
                                                              const Selection& selection) const {
  return cluster_request(parts_.metrics, selection.ids.empty() ? "AllWorkloads" : "SomeWorkloads",
                         [&] { return find_workloads(ctx, parts_.cluster.client, catalog, selection); });
}

Result<std::vector<api::ControllerStatus>> Service::list_services(const Context& client_ctx,
                                                                  const api::ListServicesOptions& options) {
  const auto ctx = client_ctx.with_timeout(options_.sync.sync_timeout);
  const auto permit = slow_.acquire(ctx);
  if (!permit) return Failure(permit.error());
  const auto catalog = parts_.cluster.discovery.catalog(ctx);
  if (!catalog) return Failure(catalog.error());
  auto live = workloads(ctx, **catalog, {allowed_namespaces(), options.ns, options.services});
  if (!live) return Failure(live.error());
  const auto head = facts_at_head(ctx.with_timeout(options_.git_timeout), parts_.mirror, options_.branch, reader_);
  if (!head) return Failure(head.error());
  return controller_statuses(std::move(*live), head->git(), parts_.state.report.latest()->errors);
}

Result<std::vector<api::ImageStatus>> Service::list_images(const Context& client_ctx,
                                                           const api::ListImagesOptions& options) {
  const auto ctx = client_ctx.with_timeout(options_.sync.sync_timeout);
  const auto permit = slow_.acquire(ctx);
  if (!permit) return Failure(permit.error());
  const auto catalog = parts_.cluster.discovery.catalog(ctx);
  if (!catalog) return Failure(catalog.error());
  Selection selection{allowed_namespaces(), options.ns, {}};
  if (!options.service.empty()) selection.ids.push_back(options.service);
  const auto live = workloads(ctx, **catalog, selection);
  if (!live) return Failure(live.error());
  const auto head = facts_at_head(ctx.with_timeout(options_.git_timeout), parts_.mirror, options_.branch, reader_);
  if (!head) return Failure(head.error());
  return image_statuses(*live, head->git(), known_images(ctx),
                        {.use_labels = options_.use_labels, .all_tags = options.all_tags});
}

Result<api::Explanation> Service::explain(const Context& client_ctx, const ResourceId& id, bool all_tags) {
  const auto ctx = client_ctx.with_timeout(options_.sync.sync_timeout);
  const auto permit = slow_.acquire(ctx);
  if (!permit) return Failure(permit.error());
  const auto catalog = parts_.cluster.discovery.catalog(ctx);
  if (!catalog) return Failure(catalog.error());
  const auto live = workloads(ctx, **catalog, {allowed_namespaces(), {}, {id}});
  if (!live) return Failure(live.error());
  if (live->empty())
    return fail(ErrorKind::missing, "the cluster has no workload " + id.to_string() + " that fluxd may see",
                "List the workloads with: fluxctl list-workloads --all-namespaces");
  const auto head = facts_at_head(ctx.with_timeout(options_.git_timeout), parts_.mirror, options_.branch, reader_);
  if (!head) return Failure(head.error());
  auto explanation = daemon::explain(live->front(), head->git(), known_images(ctx),
                                     {.use_labels = options_.use_labels, .all_tags = all_tags});
  if (!parts_.images)
    explanation.notes.emplace_back("Images are not scanned: fluxd runs with --registry-disable-scanning.");
  return explanation;
}

KnownImages Service::known_images(const Bounded& ctx) const {
  if (parts_.images) return parts_.images->known(ctx);
  return [](const std::string&) { return std::optional<images::Repository>(); };
}

Result<std::string> Service::export_manifests(const Context& client_ctx) {
  const auto ctx = client_ctx.with_timeout(options_.sync.sync_timeout);
  const auto permit = slow_.acquire(ctx);
  if (!permit) return Failure(permit.error());
  const auto catalog = parts_.cluster.discovery.catalog(ctx);
  if (!catalog) return Failure(catalog.error());
  return cluster_request(parts_.metrics, "Export",
                         [&] { return export_workloads(ctx, parts_.cluster.client, **catalog, allowed_namespaces()); });
}

Result<api::SyncDiff> Service::diff(const Context& client_ctx, const std::string& ref) {
  const auto ctx = client_ctx.with_timeout(options_.sync.sync_timeout);
  const auto permit = diffs_.acquire(ctx);
  if (!permit) return Failure(permit.error());
  // What the watches know may be old, and where nothing differs from it nobody would be asked.
  if (parts_.contact)
    if (auto away = cluster_away(parts_.contact->ask(kContactPatience), Clock::now())) return Failure(std::move(*away));
  const auto git_ctx = ctx.with_timeout(options_.git_timeout);
  const auto repository = parts_.mirror.repository();
  if (!repository) return Failure(repository.error());
  const auto revision = ref.empty() ? git::branch_head(git_ctx, **repository, options_.branch)
                                    : git::resolve_commit(git_ctx, **repository, ref);
  if (!revision) return Failure(revision.error());
  const auto view = reader_.read(git_ctx, *repository, *revision, /*keep=*/false);
  if (!view) return Failure(view.error());
  const auto catalog = parts_.cluster.discovery.catalog(ctx);
  if (!catalog) return Failure(catalog.error());

  const auto report = parts_.state.report.latest();
  sync::Survey survey;
  survey.live = parts_.cluster.cache.snapshot();
  survey.incomplete = parts_.cluster.cache.incomplete();
  for (const auto& failure : (*catalog)->failures()) survey.incomplete.push_back(failure);
  const auto facts = plan_facts(options_.sync, *view, survey, report->applied, report->errors);

  auto as_if_collecting = facts;
  as_if_collecting.collect.enabled = true;
  auto out = describe_plan(ctx, parts_.cluster.client, **catalog, *view, facts, sync::make_plan(as_if_collecting),
                           parts_.cluster.own_pod);
  if (!out) return out;
  out->ref = ref;
  out->revision = *revision;
  out->live_revision = report->live_revision;
  return out;
}

}  // namespace flux::daemon
