#include "manifests/edit/policy_changes.h"

#include <vector>

namespace flux::manifests {
namespace {

constexpr std::string_view kTagAll = "tag_all";
constexpr std::string_view kFilter = "tag.";
constexpr std::string_view kAnyTag = "glob:*";

/// Strongest first; the first is that of new ones.
std::vector<std::string> spellings_of(const std::string& policy) {
  std::vector<std::string> spellings{"fluxcd.io/" + policy, "flux.weave.works/" + policy};
  // What has no container is no filter: `filter.fluxcd.io/automated` is that of a container.
  if (policy.starts_with(kFilter)) spellings.push_back("filter.fluxcd.io/" + policy.substr(kFilter.size()));
  return spellings;
}

/// Each policy with its new value; nothing where it goes.
std::map<std::string, std::optional<std::string>> policies_after(const PolicyUpdate& update,
                                                                 std::span<const std::string> containers) {
  std::map<std::string, std::optional<std::string>> after;
  for (const auto& [policy, value] : update.add)
    if (policy != kTagAll) after[policy] = value.empty() ? std::nullopt : std::optional(value);
  if (const auto all = update.add.find(std::string(kTagAll)); all != update.add.end())
    for (const auto& container : containers) {
      const bool removes = all->second == kAnyTag || all->second.empty();
      after.try_emplace(std::string(kFilter) + container, removes ? std::nullopt : std::optional(all->second));
    }
  for (const auto& [policy, value] : update.remove) after[policy] = std::nullopt;
  return after;
}

}  // namespace

AnnotationChanges policy_changes(const PolicyUpdate& update, std::span<const std::string> containers,
                                 const std::map<std::string, std::string>& annotations) {
  AnnotationChanges changes;
  for (const auto& [policy, value] : policies_after(update, containers)) {
    const auto spellings = spellings_of(policy);
    bool is_written = !value;
    for (const auto& spelling : spellings) {
      if (!annotations.contains(spelling)) continue;
      changes[spelling] = is_written ? std::nullopt : value;
      is_written = true;
    }
    if (!is_written) changes[spellings.front()] = value;
  }
  return changes;
}

}  // namespace flux::manifests
