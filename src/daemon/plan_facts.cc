#include "daemon/plan_facts.h"

namespace flux::daemon {

sync::PlanFacts plan_facts(const SyncOptions& options, const DesiredView& view, const sync::Survey& survey,
                           const sync::AppliedSet& applied, const std::map<ResourceId, sync::ResourceError>& errors) {
  sync::PlanFacts facts;
  facts.set_name = options.set_name;
  facts.desired = view.resources.get();
  facts.unscoped = *view.unscoped_ids;
  facts.live = &survey.live;
  facts.applied = &applied;
  for (const auto& [id, error] : errors) facts.failed.insert(id);
  facts.allowed_namespaces = options.allowed_namespaces;
  facts.incomplete = survey.incomplete;
  facts.unseen = survey.unseen;
  facts.collect = options.collect;
  facts.keep_additions = options.keep_additions;
  return facts;
}

}  // namespace flux::daemon
