#include "sync/survey.h"

#include <map>
#include <set>

#include "model/namesakes.h"
#include "model/object_name.h"

namespace flux::sync {
namespace {

using cluster::Catalog;
using cluster::Client;
using cluster::Resource;

/// From this many unknown objects of one type on, one list is cheaper than asking for each.
constexpr std::size_t kListFrom = 4;

/// Objects of one type, and of one namespace where only some are allowed.
struct Unknown {
  Resource resource;
  std::string ns;  ///< to list; empty: everywhere
  std::map<ResourceId, const Desired*> objects;
};

/// The resources about which we know nothing yet, by what can be listed together.
std::vector<Unknown> find_unknown(const SurveyFacts& facts, const LiveSet& live) {
  std::map<std::string, Unknown> unknown;
  const auto look = [&](const ResourceId& id, const Desired& resource) {
    if (find_live(live, id, resource)) return;
    if (!is_allowed(facts.allowed_namespaces, id) || !why_no_name(id.name()).empty()) return;
    // A kind that is not served yet, because its definition comes with this very sync, has no objects.
    const auto* served = facts.catalog.find(resource.manifest->type);
    if (!served) return;
    // Nobody tells of kinds that are not watched, such as Endpoints: they have to be asked for each time.
    if (facts.applied.contains(id) && facts.catalog.listed_as(resource.manifest->type)) return;
    const auto ns = facts.allowed_namespaces.empty() ? std::string() : resource.ns;
    auto& group = unknown[served->group_resource() + "|" + ns];
    group.resource = *served;
    group.ns = ns;
    group.objects.emplace(id, &resource);
  };
  if (!facts.only) {
    for (const auto& [id, resource] : facts.desired) look(id, resource);
  } else {
    for (const auto& id : *facts.only)
      if (const auto* resource = facts.desired.find(id)) look(id, *resource);
  }
  std::vector<Unknown> groups;
  for (auto& [key, group] : unknown) groups.push_back(std::move(group));
  return groups;
}

void remember(LiveSet& live, cluster::Object object) {
  cluster::apply_change(live, {nullptr, std::make_shared<const cluster::Object>(std::move(object))});
}

/// Looks up objects, and notes what could not be.
class LookUp {
 public:
  LookUp(const Bounded& ctx, const Bounded& own, Client& client, Survey& survey)
      : ctx_(ctx), own_(own), client_(client), survey_(survey) {}

  Result<void> look_up(const std::vector<Unknown>& groups) {
    for (const auto& group : groups) {
      const bool many = group.objects.size() >= kListFrom && group.resource.can_list;
      if (!many)
        ask_for_each(group);
      else if (auto ok = list(group); !ok)
        return ok;
    }
    const auto answers = client_.get_all(own_, targets_);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const auto& answer = answers[i];
      if (answer)
        remember(survey_.live, *answer);
      else if (auto ok = note(answer.error(), ids_[i]); !ok)
        return ok;
    }
    return {};
  }

 private:
  void ask_for_each(const Unknown& group) {
    for (const auto& [id, desired] : group.objects) {
      targets_.push_back({group.resource, desired->ns, id.name()});
      ids_.push_back(id);
    }
  }

  Result<void> list(const Unknown& group) {
    auto objects = client_.list(own_, group.resource, group.ns);
    if (!objects && objects.error().forbidden()) {
      ask_for_each(group);
      return {};
    }
    if (objects) {
      for (auto& object : *objects)
        if (group.objects.contains(object.id) ||
            group.objects.contains(with_group(object.id, group.resource.type.group())))
          remember(survey_.live, std::move(object));
      return {};
    }
    for (const auto& [id, desired] : group.objects)
      if (auto ok = note(objects.error(), id); !ok) return ok;
    return {};
  }

  /// One object, or one type, that cannot be looked up is its own trouble; a server that does not answer is
  /// everybody's.
  Result<void> note(const cluster::ApiError& error, const ResourceId& id) {
    if (error.not_found() || error.forbidden()) return {};
    if (auto ok = ctx_.check(); !ok) return ok;
    const bool ours = error.kind == ErrorKind::cancelled;
    if (error.unauthorized() || (error.code == 0 && !ours && !error.too_long)) return Failure(error);
    survey_.unseen.insert_or_assign(id, error);
    return {};
  }

  const Bounded& ctx_;
  const Bounded& own_;  // ends before ctx_
  Client& client_;
  Survey& survey_;
  std::vector<Client::Target> targets_;
  std::vector<ResourceId> ids_;  // of targets_
};

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
  const auto own = ctx.with_timeout((*ctx.deadline() - Clock::now()) / 2);
  LookUp look(ctx, own, client, survey);
  if (auto ok = look.look_up(find_unknown(facts, survey.live)); !ok)
    return wrap(ok.error(), "collating resources in cluster for sync");
  return survey;
}

}  // namespace flux::sync
