#include "daemon/invalid_filters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/json.h"
#include "images/workload_pattern.h"

namespace flux::daemon {
namespace {

constexpr std::string_view kPolicy = "tag.";

/// The annotation that the policy comes from, in the order of precedence of policies_of().
std::string annotation_of(const Manifest& manifest, const std::string& container) {
  const std::array<std::string, 3> spellings{"fluxcd.io/tag." + container, "flux.weave.works/tag." + container,
                                             "filter.fluxcd.io/" + container};
  const auto metadata = parse_json(manifest.metadata);
  const auto found = metadata ? metadata->find("annotations") : Json::const_iterator();
  if (!metadata || found == metadata->end() || !found->is_object()) return spellings.front();
  for (const auto& spelling : spellings)
    if (found->contains(spelling)) return spelling;
  return spellings.front();
}

}  // namespace

std::vector<InvalidFilter> invalid_filters(const Manifest& manifest) {
  std::vector<InvalidFilter> found;
  for (auto at = manifest.policies.lower_bound(std::string(kPolicy)); at != manifest.policies.end(); ++at) {
    const auto& [policy, text] = *at;
    if (!policy.starts_with(kPolicy)) break;
    const images::TagPattern filter(text);
    if (filter.problem().empty()) continue;
    auto container = policy.substr(kPolicy.size());
    auto annotation = annotation_of(manifest, container);
    found.push_back({std::move(container), std::move(annotation), text, filter.problem()});
  }
  return found;
}

std::string filter_problem(const Policies& policies, const std::string& container) {
  const auto filter = images::workload_pattern(policies, container);
  if (filter.problem().empty()) return {};
  return fmt::format("its filter {} is not valid and lets nothing through: {}", filter.to_string(), filter.problem());
}

void InvalidFilters::follow(const sync::DesiredSet& git, const Log& log) {
  sync::DesiredSet::compare(seen_, git, [&](const ResourceId& id, const auto*, const sync::Desired* now) {
    auto found = now ? invalid_filters(*now->manifest) : std::vector<InvalidFilter>();
    const auto known = invalid_.find(id);
    for (const auto& one : found) {
      if (known != invalid_.end() && std::ranges::find(known->second, one) != known->second.end()) continue;
      log({{"warning", "the filter of image tags is not valid, so no image of this container is ever chosen"},
           {"resource", id.to_string()},
           {"source", now->manifest->source.to_string()},
           {"container", one.container},
           {"annotation", one.annotation},
           {"filter", one.filter},
           {"err", one.problem}});
    }
    if (found.empty())
      invalid_.erase(id);
    else
      invalid_.insert_or_assign(id, std::move(found));
  });
  seen_ = git;
}

std::size_t InvalidFilters::count() const {
  std::size_t count = 0;
  for (const auto& [id, filters] : invalid_) count += filters.size();
  return count;
}

}  // namespace flux::daemon
