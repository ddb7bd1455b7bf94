#include "model/namesakes.h"

#include <algorithm>
#include <string>

namespace flux {
namespace {

/// `apps`, `networking.k8s.io`: no group without a dot can come from elsewhere.
bool is_kubernetes_own(std::string_view group) {
  return group.find('.') == std::string_view::npos || group.ends_with(".k8s.io");
}

}  // namespace

ResourceId with_group(const ResourceId& id, std::string_view group) {
  const std::string_view shown = group.empty() ? "core" : group;
  return {id.cluster_scoped() ? std::string_view() : id.ns(), id.kind() + "." + std::string(shown), id.name()};
}

ResourceId plain_id(const ResourceId& id) {
  if (is_plain(id)) return id;
  const auto kind = std::string_view(id.kind()).substr(0, id.kind().find('.'));
  return {id.cluster_scoped() ? std::string_view() : id.ns(), kind, id.name()};
}

bool may_be_one(const ApiType& a, const ApiType& b) {
  const auto first = a.group();
  const auto second = b.group();
  if (first == second || first == "extensions" || second == "extensions") return true;
  const auto has_events = [](std::string_view group) { return group.empty() || group == "events.k8s.io"; };
  return a.kind == "Event" && has_events(first) && has_events(second);
}

std::vector<ResourceId> tell_apart(const ResourceId& plain, const std::vector<std::string_view>& groups) {
  const bool one_is_meant = std::ranges::count_if(groups, is_kubernetes_own) == 1;
  std::vector<ResourceId> ids;
  for (const auto group : groups)
    ids.push_back(one_is_meant && is_kubernetes_own(group) ? plain : with_group(plain, group));
  return ids;
}

void add_namesakes(std::set<ResourceId>& ids, const Namesakes& namesakes) {
  std::set<ResourceId> more;
  for (const auto& id : ids) {
    auto plain = plain_id(id);
    if (const auto found = namesakes.find(plain); found != namesakes.end())
      more.insert(found->second.begin(), found->second.end());
    if (plain != id) more.insert(std::move(plain));
  }
  ids.merge(more);
}

}  // namespace flux
