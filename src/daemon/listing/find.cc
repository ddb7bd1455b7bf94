#include "daemon/listing/find.h"

#include <algorithm>
#include <unordered_set>

#include "base/ascii.h"

namespace flux::daemon {
namespace {

using cluster::LiveWorkload;

bool may_see(const Selection& selection, const std::string& ns) {
  return selection.allowed.empty() || std::ranges::find(selection.allowed, ns) != selection.allowed.end();
}

bool passed_over(const cluster::ApiError& error) { return error.not_found() || error.forbidden(); }

/// Collects what was found; of two objects with one id the first counts.
class Found {
 public:
  void add(LiveWorkload workload) {
    if (workload.is_addon() || !seen_.insert(workload.id).second) return;
    workloads_.push_back(std::move(workload));
  }
  std::vector<LiveWorkload> take() { return std::move(workloads_); }

 private:
  std::unordered_set<ResourceId> seen_;
  std::vector<LiveWorkload> workloads_;
};

Result<std::vector<LiveWorkload>> find_by_id(const Bounded& ctx, cluster::Client& client,
                                             const cluster::Catalog& catalog, const Selection& selection) {
  const auto targets = targets_for(catalog, selection);
  const auto answers = cluster::get_whole(ctx, client, targets);
  Found found;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (!answers[i] && passed_over(answers[i].error())) continue;
    if (!answers[i]) return Failure(answers[i].error());
    auto workload = cluster::decode_workload(*answers[i], targets[i].resource.type);
    if (!workload) return Failure(workload.error());
    found.add(std::move(*workload));
  }
  return found.take();
}

}  // namespace

std::vector<cluster::Resource> workload_types(const cluster::Catalog& catalog) {
  std::vector<cluster::Resource> types;
  const auto add = [&](const cluster::Resource* resource) {
    if (resource && resource->can_list) types.push_back(*resource);
  };
  for (const auto* kind : {"Deployment", "DaemonSet", "StatefulSet"}) add(catalog.preferred("apps", kind));
  add(catalog.preferred("batch", "CronJob"));
  add(catalog.find("helm.fluxcd.io/v1", "HelmRelease"));
  add(catalog.find("flux.weave.works/v1beta1", "HelmRelease"));
  return types;
}

std::vector<cluster::ListOf> lists_for(const cluster::Catalog& catalog, const Selection& selection) {
  std::vector<std::string> namespaces{selection.ns};
  if (!selection.ns.empty() && !may_see(selection, selection.ns)) return {};
  if (selection.ns.empty() && !selection.allowed.empty()) namespaces = selection.allowed;
  std::vector<cluster::ListOf> lists;
  for (const auto& type : workload_types(catalog))
    for (const auto& ns : namespaces) lists.push_back({type, ns});
  return lists;
}

std::vector<cluster::Client::Target> targets_for(const cluster::Catalog& catalog, const Selection& selection) {
  const auto types = workload_types(catalog);
  std::vector<cluster::Client::Target> targets;
  for (const auto& id : selection.ids) {
    if (id.cluster_scoped() || !may_see(selection, id.ns())) continue;
    for (const auto& type : types)
      if (to_lower(type.type.kind) == id.kind()) targets.push_back({type, id.ns(), id.name()});
  }
  return targets;
}

Result<std::vector<LiveWorkload>> find_workloads(const Bounded& ctx, cluster::Client& client,
                                                 const cluster::Catalog& catalog, const Selection& selection) {
  if (!selection.ids.empty()) return find_by_id(ctx, client, catalog, selection);
  Found found;
  for (auto& listed : cluster::list_workloads(ctx, client, lists_for(catalog, selection))) {
    if (!listed && passed_over(listed.error())) continue;
    if (!listed) return Failure(listed.error());
    for (auto& workload : *listed) found.add(std::move(workload));
  }
  return found.take();
}

}  // namespace flux::daemon
