#include "update/automation.h"

#include "images/workload_pattern.h"
#include "update/selection.h"

namespace flux::update {

bool is_automated(const Policies& policies) {
  return holds(policies, "automated") && !holds(policies, "locked") && !holds(policies, "ignore");
}

Automation find_updates(const Facts& facts) {
  Automation found;
  for (const auto& [id, in_git] : facts.git) {
    if (!is_automated(in_git.policies)) continue;
    ++found.workloads;
    const auto running = facts.cluster.find(id);
    if (running == facts.cluster.end() || running->second.ignored) continue;
    for (const auto& container : running->second.containers) {
      if (container.image.empty()) continue;
      const auto* repository = facts.images(container.image.canonical());
      if (!repository) continue;
      const auto pattern = images::workload_pattern(in_git.policies, container.name);
      const bool up_only = facts.never_downgrade || never_downgrades(in_git.policies);
      auto choice = images::choose(*repository, pattern, container.image, images::Mode::automation, up_only);
      if (choice.outcome == images::Outcome::update)
        found.spec.changes.push_back({id, container.name, container.image, container.image.with_tag(choice.tag)});
      else if (choice.outcome != images::Outcome::up_to_date)
        found.held_back.push_back({id, container.name, std::move(choice)});
    }
  }
  return found;
}

}  // namespace flux::update
