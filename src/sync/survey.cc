#include "sync/survey.h"

#include <set>

namespace flux::sync {
namespace {

using cluster::Catalog;
using cluster::Client;
using cluster::Resource;

/// From this many unknown objects of one type on, one list is cheaper than asking for each.
constexpr std::size_t kListFrom = 4;

struct Unknown {
  const Resource* resource = nullptr;
  std::map<ResourceId, const Desired*> objects;
};

/// By group and plural: the resources about which we know nothing yet.
std::map<std::string, Unknown> find_unknown(const SurveyFacts& facts, const LiveSet& live) {
  std::map<std::string, Unknown> unknown;
  const auto look = [&](const ResourceId& id, const Desired& resource) {
    if (facts.applied.contains(id) || find_live(live, id, resource)) return;
    // A kind that is not served yet, because its definition comes with this very sync, has no objects.
    const auto* served = facts.catalog.find(resource.manifest->type);
    if (!served) return;
    auto& of_type = unknown[served->group_resource()];
    of_type.resource = served;
    of_type.objects.emplace(id, &resource);
  };
  if (!facts.only) {
    for (const auto& [id, resource] : facts.desired) look(id, resource);
    return unknown;
  }
  for (const auto& id : *facts.only)
    if (const auto* resource = facts.desired.find(id)) look(id, *resource);
  return unknown;
}

void remember(LiveSet& live, cluster::Object object) {
  cluster::apply_change(live, {nullptr, std::make_shared<const cluster::Object>(std::move(object))});
}

Result<void> look_up_each(const Bounded& ctx, Client& client, const Unknown& unknown, LiveSet& live) {
  for (const auto& [id, desired] : unknown.objects) {
    auto object = client.get_object(ctx, *unknown.resource, desired->ns, id.name());
    if (object)
      remember(live, std::move(*object));
    else if (!object.error().not_found() && !object.error().forbidden())
      return Failure(object.error());
  }
  return {};
}

Result<void> look_up(const Bounded& ctx, Client& client, const Unknown& unknown, LiveSet& live) {
  if (unknown.objects.size() < kListFrom || !unknown.resource->can_list)
    return look_up_each(ctx, client, unknown, live);
  auto objects = client.list(ctx, *unknown.resource, {});
  if (!objects && objects.error().forbidden()) return look_up_each(ctx, client, unknown, live);
  if (!objects) return Failure(objects.error());
  for (auto& object : *objects)
    if (unknown.objects.contains(object.id)) remember(live, std::move(object));
  return {};
}

}  // namespace

std::vector<Resource> types_of(const Catalog& catalog, const DesiredSet& desired) {
  std::set<ApiType> known;
  std::set<std::string> seen;
  std::vector<Resource> types;
  for (const auto& [id, resource] : desired) {
    if (!known.insert(resource.manifest->type).second) continue;
    const auto* listed = catalog.listed_as(resource.manifest->type);
    if (listed && seen.insert(listed->group_resource()).second) types.push_back(*listed);
  }
  return types;
}

Result<Survey> survey_cluster(const Bounded& ctx, Client& client, const cluster::WatchCache& cache, LiveSet snapshot,
                              const SurveyFacts& facts) {
  Survey survey;
  survey.live = std::move(snapshot);
  survey.incomplete = cache.incomplete();
  for (const auto& failure : facts.catalog.failures()) survey.incomplete.push_back(failure);
  for (const auto& [name, unknown] : find_unknown(facts, survey.live))
    if (auto ok = look_up(ctx, client, unknown, survey.live); !ok)
      return wrap(ok.error(), "collating resources in cluster for sync");
  return survey;
}

}  // namespace flux::sync
